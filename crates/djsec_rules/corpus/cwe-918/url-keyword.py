# The address comes by name, or inside a session.
import requests


def view(request):
    url = request.GET["url"]
    requests.post(url=url, json={})  # bad: ssrf
    requests.request("GET", url)  # bad: ssrf
    session = requests.Session()
    session.get(url)  # bad: ssrf
    requests.post("https://example.com/", data=url)  # ok: ssrf
