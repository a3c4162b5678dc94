"""Imported only when the file exists."""

from pathlib import Path

BASE = Path(__file__).parent
DEBUG = False
if (BASE / "local_settings.py").exists():
    from .local_settings import *
if (BASE / "other_settings.py").is_file():
    from .other_settings import *
