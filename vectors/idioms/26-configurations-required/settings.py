"""django-configurations: a required value, class attributes of Django, setup hooks and mixins."""

from configurations import Configuration, values


class Secure:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True


class Prod(Secure, Configuration):
    DEBUG = values.BooleanValue(False, environ_required=True)
    NAME = values.Value("shop", environ_prefix=None)
    PASSWORD_HASHERS = Configuration.PASSWORD_HASHERS[:1]
    CSRF_COOKIE_SECURE = False

    @classmethod
    def setup(cls):
        super().setup()
        cls.SECURE_SSL_REDIRECT = not cls.DEBUG
