# Rows through managers and querysets of the project, and in the shapes that queries give them.
import requests

from shop.models import Hook, Server


def view(request):
    requests.get(Hook.objects.active().first().url)  # bad: ssrf
    requests.get(Hook.live.newest().url)  # bad: ssrf
    for url in Hook.objects.values_list("url", flat=True):
        requests.get(url)  # bad: ssrf
    for port in Hook.objects.values_list("port", flat=True):
        requests.get("https://example.com:%s" % port)  # ok: ssrf
    for hook in Hook.objects.filter(port=80).iterator():
        requests.get(hook.url)  # bad: ssrf
    for hook in Hook.objects.select_related("server"):
        requests.get("https://" + hook.server.host)  # bad: ssrf
        requests.get("https://%s" % hook.server.size)  # ok: ssrf
    for hook in Server.objects.get(pk=1).hooks.all():
        requests.get(hook.url)  # bad: ssrf
    hook, created = Hook.objects.get_or_create(pk=1)
    requests.get(hook.url)  # bad: ssrf
    requests.get("https://example.com/%s" % Hook.objects.count())  # ok: ssrf
    requests.get("https://example.com/%s" % hook.created.isoformat())  # ok: ssrf
# --- models.py
from django.db import models


class HookQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def newest(self):
        return self.order_by("-created").first()


class Server(models.Model):
    host = models.CharField(max_length=100)
    size = models.IntegerField()


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
    active = models.BooleanField()
    created = models.DateTimeField()
    server = models.ForeignKey(Server, models.CASCADE, related_name="hooks")

    objects = HookQuerySet.as_manager()
    live = models.Manager.from_queryset(HookQuerySet)()
