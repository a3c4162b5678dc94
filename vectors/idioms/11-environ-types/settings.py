"""django-environ: the typed readers."""

import environ

env = environ.Env()
INTEGER = env.int("INTEGER", 1)
FLOATING = env.float("FLOATING", 1.5)
TEXT = env.str("TEXT", default="t")
ITEMS = env.list("ITEMS", default=[])
NUMBERS = env.list("NUMBERS", cast=int, default=[1])
PAIR = env.tuple("PAIR", default=("a",))
MAPPING = env.dict("MAPPING", default={})
STRUCTURE = env.json("STRUCTURE", default={"k": [1]})
FOLDER = env.path("FOLDER", default="/var/lib/shop")
FOLDER_TEXT = str(FOLDER)
del FOLDER
MULTI = env.str("MULTI", multiline=True, default="")
