from .classes import Settings

ext = True


class Base(Settings):
    DEBUG = True
    DOMAIN = "localhost"
    SESSION_COOKIE_HTTPONLY = True
    hosts = ["base.example"]
    ALLOWED_HOSTS = hosts + ["second.example"]
    _SECRET_BACKEND = "a"
    if ext:
        EXTRA = "from the class body"

    @property
    def SESSION_COOKIE_DOMAIN(self):
        return f".{self.DOMAIN}"

    @property
    def INSTALLED_APPS(self):
        apps = ["django.contrib.auth", "django.contrib.sessions"]
        if self.DEBUG:
            apps.append("debug_toolbar")
        return apps

    @property
    def MIDDLEWARE(self):
        return ["django.middleware.security.SecurityMiddleware"]


class Cors:
    CORS_ALLOW_CREDENTIALS = True
    DOMAIN = "mixin.example"
