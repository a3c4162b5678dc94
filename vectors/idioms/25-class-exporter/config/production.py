from .base import Base, Cors


class Production(Cors, Base):
    DEBUG = False
    SECURE_SSL_REDIRECT = True

    @property
    def INSTALLED_APPS(self):
        apps = super().INSTALLED_APPS
        apps.insert(0, "storages")
        apps.remove("django.contrib.sessions")
        return apps

    MIDDLEWARE = ["first"] + ["second"]


Production.load_settings(__name__)
