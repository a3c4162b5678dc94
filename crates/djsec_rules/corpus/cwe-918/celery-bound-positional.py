# A bound task has itself as its first parameter.
import requests
from celery import shared_task


@shared_task(bind=True)
def fetch(self, url, label):
    requests.get(url)  # bad: ssrf
    requests.get("https://example.com/" + label)  # ok: ssrf


def view(request):
    fetch.delay(request.GET["url"], "x")
