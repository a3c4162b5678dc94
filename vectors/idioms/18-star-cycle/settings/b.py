from .a import *

FROM_B = FIRST + 10
SEES_SECOND = "SECOND" in globals()
