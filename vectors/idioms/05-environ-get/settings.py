"""Every spelling of reading a variable that may be missing."""

import os
from os import environ, getenv

A = os.environ.get("A")
B = os.environ.get("B", "default b")
C = os.getenv("C", "default c")
D = environ.get("D", default="default d")
E = getenv("E")
F = os.environ.get("F", os.environ.get("G", "default f"))
G = os.environ.get("G") or os.environ.get("A") or "default g"
H = os.environ.get("H", True)
I = os.environ.get("I", 8000)
J = os.getenv(key="J", default=None)
