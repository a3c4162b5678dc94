"""Pictures that suppliers host themselves."""

from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile


def fetch_image(product, url):
    """Copies a picture from the given address to the product."""
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    product.image.save(f"{product.slug}.jpg", ContentFile(answer.content))


def fetch_feed(url):
    """The product feed of a partner, as text."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname not in settings.PRODUCT_FEED_HOSTS:
        raise SuspiciousOperation("Not the address of a partner")
    answer = requests.get(
        f"https://{parts.hostname}{parts.path}", timeout=10, allow_redirects=False
    )
    answer.raise_for_status()
    return answer.text
