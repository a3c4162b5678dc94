# Signatures that are put together into a chain.
import requests
from celery import chain, shared_task


@shared_task
def fetch(url):
    requests.get(url)  # bad: ssrf


def view(request):
    chain(fetch.s(request.GET["url"]))()
