"""A module that imports itself gets its half-made self."""

BEFORE = 1
from settings import *

AFTER = 2
