"""Paths computed from the place of the settings file."""

import os
from os.path import abspath, dirname, join
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ROOT = dirname(dirname(dirname(abspath(__file__))))
PARENTS = Path(__file__).resolve().parents[2]
MEDIA_ROOT = BASE_DIR / "media"
STATIC_ROOT = os.path.join(ROOT, "static", "")
STATICFILES_DIRS = [BASE_DIR / "assets", join(ROOT, "more")]
FIXTURES = str(BASE_DIR.joinpath("a", "b"))
LOCALE_PATHS = (f"{BASE_DIR}/locale",)
UP = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, "templates"))
NORMAL = os.path.normpath(join(ROOT, "a", "..", "b"))
FILE_NAME = Path(__file__).name
STEM = Path(__file__).stem, Path("x/y.tar.gz").suffix
RELATIVE = Path("var") / "log"
POSIX = (BASE_DIR / "x").as_posix()
EXISTS = (BASE_DIR / "config").is_dir(), os.path.exists(join(ROOT, "nothing"))
WITH_NAME = BASE_DIR.with_name("sibling")
BASENAME = os.path.basename(ROOT)
FORMATTED = "%s/cache" % BASE_DIR
FORMATTED_2 = "{}/cache".format(ROOT)
PURE = os.path.sep.join([ROOT, "z"])
