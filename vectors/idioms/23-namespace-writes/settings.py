"""Every way to write into the module without an assignment."""

import sys

DEBUG = True
globals()["DEBUG"] = False
locals().update({"SECURE_SSL_REDIRECT": True, "lower": 1})
vars().update(SESSION_COOKIE_SECURE=True)
setattr(sys.modules[__name__], "CSRF_COOKIE_SECURE", True)
globals().setdefault("DEBUG", "kept as it is")
sys.modules[__name__].__dict__["X_FRAME_OPTIONS"] = "DENY"


def populate(values, namespace):
    for name, value in values.items():
        namespace[name.upper()] = value


populate({"time_zone": "UTC", "use_tz": True}, globals())
del globals()["lower"]
TEMPORARY = 1
del TEMPORARY
