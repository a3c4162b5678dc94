"""django-environ: its old path object, counted upwards."""

import environ

root = environ.Path(__file__) - 3
ROOT = str(root)
MEDIA_ROOT = str(root.path("media"))
STATIC_ROOT = root("static")
TEMPLATE = root("templates", "base.html")
APPS = str((root + "apps"))
