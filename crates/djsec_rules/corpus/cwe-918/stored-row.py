# A row holds what somebody wrote earlier.
import requests

from shop.models import Hook


def view(request, pk):
    hook = Hook.objects.get(pk=pk)
    requests.get(hook.url)  # bad: ssrf
    requests.get("https://example.com:%s" % hook.port)  # ok: ssrf
    for hook in Hook.objects.filter(port=80):
        requests.get(hook.url)  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
