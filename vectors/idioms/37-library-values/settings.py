"""Values that come out of Django and packages."""

import re

from corsheaders.defaults import default_headers, default_methods
from django.conf import global_settings
from django.conf.global_settings import PASSWORD_HASHERS as DEFAULT_HASHERS
from django.contrib.messages import constants
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"] + DEFAULT_HASHERS
FILE_UPLOAD_HANDLERS = global_settings.FILE_UPLOAD_HANDLERS + ["shop.uploads.Quota"]
SESSION_COOKIE_AGE = global_settings.SESSION_COOKIE_AGE // 2
CORS_ALLOW_HEADERS = list(default_headers) + ["x-shop"]
CORS_ALLOW_METHODS = (*default_methods,)
DISALLOWED_USER_AGENTS = [re.compile(r"^BadBot.*$", re.IGNORECASE)]
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOGIN_REDIRECT_URL = reverse_lazy("home")
MESSAGE_TAGS = {constants.ERROR: "danger"}
X_FRAME_OPTIONS = getattr(global_settings, "X_FRAME_OPTIONS")
USE_TZ = global_settings.USE_TZ
