"""Things done while loading that set nothing."""

import logging
import sys
import warnings
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
LOGGING_DIR = BASE_DIR / "log"
LOGGING_DIR.mkdir(parents=True, exist_ok=True)
print("loading settings", file=sys.stderr)
warnings.filterwarnings("ignore", category=DeprecationWarning)
logging.getLogger(__name__).info("loaded")
sys.path.insert(0, str(BASE_DIR / "apps"))
DEBUG = False


class Patch:
    limit = 1


Patch.limit = 5
LIMIT = Patch.limit
assert not DEBUG
"a string that is only a statement"
pass
