from .base import *  # noqa: F403
from .base import INSTALLED_APPS, os

ALLOWED_HOSTS = [os.environ["CLINIC_HOST"]]
INSTALLED_APPS = INSTALLED_APPS + ["clinic.apps.billing"]
