# `values` and `values_list` give what stands in the columns.
import requests

from shop.models import Hook


def view(request):
    for url in Hook.objects.values_list("url", flat=True):
        requests.get(url)  # bad: ssrf
    for row in Hook.objects.values("url"):
        requests.get(row["url"])  # bad: ssrf
    for port in Hook.objects.values_list("port", flat=True):
        requests.get("https://example.com:%s" % port)  # ok: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
