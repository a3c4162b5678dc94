"""Start-up ends by leaving the process, or by a failed conversion."""

import os
import sys

if os.getenv("MAINTENANCE") == "1":
    sys.exit("down for maintenance")
try:
    PORT = int(os.getenv("PORT", "8000"))
except ValueError:
    PORT = 1
DEBUG = False
