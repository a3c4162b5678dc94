# A text that the account's owner wrote.
import requests


def view(request):
    requests.get("https://" + request.user.first_name)  # bad: ssrf
    requests.get("https://example.com/%s" % request.user.pk)  # ok: ssrf
