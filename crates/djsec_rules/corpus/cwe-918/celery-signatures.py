# Signatures of tasks that are put together in groups and called back.
import requests
from celery import chord, group, shared_task


@shared_task
def fetch(url):
    return requests.get(url).text  # bad: ssrf


@shared_task
def store(texts, name="x"):
    requests.post("https://example.com/" + name)  # ok: ssrf


@shared_task(bind=True, max_retries=3)
def retried(self, url):
    try:
        requests.get(url)  # bad: ssrf
    except requests.RequestException as error:
        raise self.retry(exc=error) from error


@shared_task
def fixed(url):
    requests.get(url)  # ok: ssrf


def view(request):
    group(fetch.s(url) for url in request.GET.getlist("url"))()
    chord([fetch.s(request.GET["url"])])(store.s())
    retried.delay(request.GET["url"])
    fixed.delay("https://example.com/")
    fixed.apply_async(args=["https://example.com/"], countdown=3)
