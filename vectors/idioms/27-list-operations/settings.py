"""Everything people do to the lists of apps and middleware."""

DJANGO_APPS = ["django.contrib.auth", "django.contrib.sessions"]
LOCAL_APPS = ["shop", "orders"]
INSTALLED_APPS = DJANGO_APPS + LOCAL_APPS
INSTALLED_APPS += ["rest_framework"]
INSTALLED_APPS.extend(("storages", "axes"))
INSTALLED_APPS = ["first", *INSTALLED_APPS]
INSTALLED_APPS.remove("orders")
INSTALLED_APPS[0] = "replaced"

MIDDLEWARE = ["security", "sessions", "common", "csrf", "auth"]
MIDDLEWARE.insert(0, "cors")
MIDDLEWARE.insert(MIDDLEWARE.index("common") + 1, "after-common")
MIDDLEWARE.append("axes")
MIDDLEWARE = [m for m in MIDDLEWARE if m != "csrf"]
MIDDLEWARE[1:1] = ["gzip", "cache"]
POPPED = MIDDLEWARE.pop()
FIRST = MIDDLEWARE.pop(0)
TUPLE = tuple(app for app in INSTALLED_APPS if "." not in app)
TUPLE += ("added",)
UNIQUE = list(dict.fromkeys(reversed(["a", "b", "a"])))
COUNTED = MIDDLEWARE.count("gzip"), len(MIDDLEWARE), "security" in MIDDLEWARE
ORDERED = ["b", "a"]
ORDERED.sort()
ORDERED.reverse()
del INSTALLED_APPS[1]
MULTIPLIED = ["x"] * 2
if "axes" in INSTALLED_APPS and "axes" not in MIDDLEWARE:
    MIDDLEWARE += ("axes-again",)
