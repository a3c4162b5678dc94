# A parameter that is annotated as a request.
import requests
from django.http import HttpRequest


def helper(sent: HttpRequest):
    requests.get(sent.GET["url"])  # bad: ssrf
