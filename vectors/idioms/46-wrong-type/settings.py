"""Django refuses these settings when they are no list or tuple."""

import os

ALLOWED_HOSTS = os.environ.get("HOSTS", "shop.example")
if os.environ.get("LIST"):
    ALLOWED_HOSTS = [ALLOWED_HOSTS]
