# What is parsed out of the body is as free as the body.
import json

import requests


def view(request):
    data = json.loads(request.body)
    requests.get(data["url"])  # bad: ssrf
    for item in data["items"]:
        requests.get(item["url"])  # bad: ssrf
