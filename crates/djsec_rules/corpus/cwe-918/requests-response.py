# What another server answers is not what the visitor sent.
import requests


def view(request):
    answer = requests.get("https://example.com/feed").json()
    requests.get(answer["next"])  # ok: ssrf
