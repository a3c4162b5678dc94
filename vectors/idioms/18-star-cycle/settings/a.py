"""Two modules that import each other: each sees what the other has defined so far."""

FIRST = 1
from .b import *

SECOND = 2
