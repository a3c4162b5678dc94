"""What the app makes of settings that may be missing."""

from django.conf import settings

PAGE_SIZE = getattr(settings, "SHOP_PAGE_SIZE", 20)
ALLOW_GUESTS = getattr(settings, "SHOP_ALLOW_GUESTS", True)
