"""django-configurations: one class per environment, values from prefixed variables."""

from configurations import Configuration, values


class Base(Configuration):
    DEBUG = values.BooleanValue(False)
    SECRET_KEY = values.SecretValue()
    ALLOWED_HOSTS = values.ListValue(["localhost"])
    SECURE_HSTS_SECONDS = values.IntegerValue(0)
    TOKEN = values.Value("none", environ_name="API_TOKEN", environ_prefix="SHOP")
    PLAIN = values.Value("fixed", environ=False)
    DATABASES = values.DatabaseURLValue("sqlite://:memory:")
    INSTALLED_APPS = ["django.contrib.auth"]

    @property
    def SESSION_COOKIE_SECURE(self):
        return not self.DEBUG


class Dev(Base):
    DEBUG = values.BooleanValue(True)


class Prod(Base):
    SECURE_HSTS_SECONDS = values.IntegerValue(3600)
    INSTALLED_APPS = Base.INSTALLED_APPS + ["storages"]

    @classmethod
    def post_setup(cls):
        super().post_setup()
        cls.FROM_POST_SETUP = True
