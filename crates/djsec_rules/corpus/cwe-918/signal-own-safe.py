# Signals with other receivers, other data, and receivers that are connected by a call.
import requests
from django.dispatch import Signal, receiver

asked = Signal()
told = Signal()


def view(request):
    asked.send(sender=None, url=request.GET["url"], page=int(request.GET["page"]))
    told.send(sender=None, url="https://example.com/")


@receiver(asked)
def count(sender, page, **kwargs):
    requests.get("https://example.com:%s" % page)  # ok: ssrf


@receiver(told)
def call_fixed(sender, url, **kwargs):
    requests.get(url)  # ok: ssrf


@receiver([told, asked])
def call(sender, url, **kwargs):
    requests.get(url)  # bad: ssrf


def by_name(sender, **kwargs):
    requests.get(kwargs["url"])  # bad: ssrf


asked.connect(by_name)
