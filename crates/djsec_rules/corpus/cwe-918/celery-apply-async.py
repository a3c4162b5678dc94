# Arguments by name, in a dict.
import requests
from celery import shared_task


@shared_task(bind=True)
def fetch(self, url, label="x"):
    requests.get(url)  # bad: ssrf
    requests.get("https://example.com/" + label)  # ok: ssrf


def view(request):
    fetch.apply_async(kwargs={"url": request.GET["url"]})
