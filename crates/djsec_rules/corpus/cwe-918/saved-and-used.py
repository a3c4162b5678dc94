# A row that was just made from the request.
import requests

from shop.models import Hook


def view(request):
    hook = Hook(url=request.POST["url"], port=80)
    hook.save()
    requests.get(hook.url)  # bad: ssrf
    requests.get("https://example.com:%s" % hook.port)  # ok: ssrf
    made = Hook.objects.create(url=request.POST["url"], port=80)
    requests.get(made.url)  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
