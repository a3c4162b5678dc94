# The signal stands in another module, its receiver is connected when the app is ready.
import requests

from shop import signals


def view(request):
    signals.asked.send_robust(None, url=request.GET["url"])
# --- signals.py
from django.dispatch import Signal

asked = Signal()
# --- receivers.py
import requests


def call(sender, url=None, **kwargs):
    requests.get(url)  # bad: ssrf
# --- apps.py
from django.apps import AppConfig

from shop.receivers import call
from shop.signals import asked


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        asked.connect(call)
