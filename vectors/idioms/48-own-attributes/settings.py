"""Settings that are gathered on an object and read from its `__dict__`."""

import os


class Gathered:
    kept = "by the class"

    def __init__(self, start=None):
        self.note = "not a setting"
        self.take(start)

    def take(self, source):
        if source:
            if not hasattr(source, "items"):
                source = vars(source)
            for name, value in source.items():
                if name.isupper():
                    setattr(self, name, value)

    def items_of_settings(self):
        for name, value in self.__dict__.items():
            if name == name.upper() and not name.startswith("_"):
                yield name, value

    @classmethod
    def run(cls, configure):
        gathered = cls(Defaults)
        try:
            configure(gathered)
        except OSError:
            raise SystemExit(1)
        return gathered.items_of_settings()


class Defaults:
    USE_TZ = False
    LANGUAGE_CODE = "de"


def configure(gathered):
    gathered.DEBUG = os.environ.get("DEBUG") == "1"
    gathered.SECRET_KEY = os.environ.get("SECRET_KEY", "gathered-and-not-secret")
    gathered.ALLOWED_HOSTS = ["shop.example"]
    if gathered.DEBUG:
        gathered.INTERNAL_IPS = ["127.0.0.1"]
    local = os.getenv("LOCAL_SETTINGS")
    if local:
        names = {"__file__": local}
        with open(local, "rb") as source:
            exec(compile(source.read(), local, "exec"), names)
        names["configure"](gathered)


globals().update(Gathered.run(configure))
CLASS_NAMES = sorted(name for name in vars(Defaults) if name.isupper())
CLASS_ONLY = "kept" in vars(Gathered()), "note" in vars(Gathered())
