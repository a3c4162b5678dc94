# Columns of rows: by place, by name, of other rows, and after further methods.
import requests

from shop.models import Hook


def view(request):
    rows = Hook.objects.values_list("port", "url").distinct()
    for port, url in rows:
        requests.get("https://example.com:%s" % port)  # ok: ssrf
        requests.get(url)  # bad: ssrf
    first = Hook.objects.values("owner__site", "port").filter(port=1).first()
    requests.get(first["owner__site"])  # bad: ssrf
    requests.get("https://example.com:%s" % first["port"])  # ok: ssrf
    for row in Hook.objects.values("port", "kind"):
        requests.get("https://example.com:%s/%s" % (row["port"], row["kind"]))  # ok: ssrf
        for name in row:
            requests.get("https://%s.example.com" % name)  # ok: ssrf
    requests.get(Hook.objects.order_by("port").values()[0]["url"])  # bad: ssrf
    requests.get("https://example.com/%s" % Hook.objects.values("url").count())  # ok: ssrf


def allowed(request):
    url = request.GET["url"]
    if url in Hook.objects.values_list("url", flat=True):
        requests.get(url)  # ok: ssrf
    if url not in set(Hook.objects.values_list("url", flat=True)):
        return
    requests.get(url)  # ok: ssrf
# --- models.py
from django.db import models


class Owner(models.Model):
    site = models.URLField()


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
    kind = models.CharField(max_length=5, choices=[("a", "A")])
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE)
