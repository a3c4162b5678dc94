# The request is handed to helpers, by place and inside an object.
import requests


def target(request):
    return request.GET["url"]


def chosen(req):
    return req.POST["url"]


class Context:
    def __init__(self, request):
        self.request = request

    def url(self):
        return self.request.GET["url"]


def view(request):
    requests.get(target(request))  # bad: ssrf
    requests.get(chosen(request))  # bad: ssrf
    requests.get(Context(request).url())  # bad: ssrf
