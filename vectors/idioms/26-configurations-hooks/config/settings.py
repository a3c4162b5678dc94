"""django-configurations: a file of variables, hooks, and values of other kinds."""

import os

from configurations import Configuration, pristinemethod, values

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Common(Configuration):
    DOTENV = os.path.join(BASE_DIR, ".env")
    DEBUG = values.BooleanValue(True)
    ADMIN_URL = values.Value("admin/")
    NUMBERS = values.TupleValue((1, 2), converter=int)
    TOPICS = values.SetValue({"a"})
    RATES = values.DictValue({"a": "b"})
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

    @pristinemethod
    def USER_CHECK(user):
        return True


class Live(Common):
    DEBUG = False
    SECURE_SSL_REDIRECT = values.BooleanValue(True)

    @classmethod
    def pre_setup(cls):
        super().pre_setup()
        cls.FROM_PRE_SETUP = "set before values"

    @property
    def MIDDLEWARE(self):
        return ["whitenoise.middleware.WhiteNoiseMiddleware", *super().MIDDLEWARE]
