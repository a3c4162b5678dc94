# A method of a model uses its columns.
import requests

from shop.models import Hook


def view(request, pk):
    Hook.objects.get(pk=pk).call()
# --- models.py
import requests
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()

    def call(self):
        requests.get(self.url)  # bad: ssrf
        requests.get("https://example.com:%s" % self.port)  # ok: ssrf
