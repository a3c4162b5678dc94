# A signal of the project hands data to its receivers.
import requests
from django.dispatch import Signal, receiver

asked = Signal()


def view(request):
    asked.send(sender=None, url=request.GET["url"])


@receiver(asked)
def call(sender, url, **kwargs):
    requests.get(url)  # bad: ssrf
