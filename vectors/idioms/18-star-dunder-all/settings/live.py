from settings import *
from settings.common import HOSTS as ALLOWED_HOSTS

HIDDEN_IS_ABSENT = "HIDDEN" not in globals()
