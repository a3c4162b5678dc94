"""Two names of one object see each other's changes; strings and rebinding do not."""

TIME_ZONE = "Europe/Madrid"
CELERY_TIMEZONE = TIME_ZONE
TIME_ZONE = "UTC"

ADMINS = [("Ada", "ada@shop.example")]
MANAGERS = ADMINS
ADMINS.append(("Grace", "grace@shop.example"))

HOSTS = ["shop.example"]
ALLOWED_HOSTS = HOSTS
HOSTS = HOSTS + ["only.in.hosts.example"]
ALLOWED_HOSTS += ["www.shop.example"]

DEBUG = False
THUMBNAIL_DEBUG = TEMPLATE_DEBUG = DEBUG

ORIGINAL = {"a": {"b": 1}}
SHALLOW = dict(ORIGINAL)
SHALLOW["a"]["b"] = 2
SHALLOW["c"] = 3
COPIED = list(ALLOWED_HOSTS)
COPIED.append("copy.example")
SLICE = ALLOWED_HOSTS[:]
SLICE.clear()
