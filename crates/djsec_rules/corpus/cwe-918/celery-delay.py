# A task that runs later gets what it is given.
import requests
from celery import shared_task


@shared_task
def fetch(url, label="x"):
    requests.get(url)  # bad: ssrf
    requests.get("https://example.com/" + label)  # ok: ssrf


def view(request):
    fetch.delay(request.GET["url"])
    fetch.apply_async(args=[request.GET["url"]], kwargs={"label": "y"})
