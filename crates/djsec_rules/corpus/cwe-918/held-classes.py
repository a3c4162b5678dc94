# Classes and functions that a class holds under a name, and that its methods call.
from dataclasses import dataclass

import requests
from django.views import View


@dataclass
class Wanted:
    url: str
    timeout: int = 5


class Client:
    def __init__(self, session=None):
        self.session = session or requests.Session()

    def fetch(self, req):
        return self.session.get(req.url, timeout=req.timeout)  # bad: ssrf


class Fixed(Client):
    def fetch(self, req):
        return self.session.get("https://example.com/" + req.url)  # ok: ssrf


def call(view, url):
    requests.get(url)  # bad: ssrf
    requests.get(view)  # ok: ssrf


def call_apart(url):
    requests.get(url)  # bad: ssrf


def call_fixed(url, name):
    requests.get(url)  # ok: ssrf
    print(name)


class Fetch(View):
    client_class = Client
    call = call
    call_apart = staticmethod(call_apart)
    call_fixed = staticmethod(call_fixed)

    def post(self, request):
        self.client_class().fetch(Wanted(url=request.POST["url"]))
        self.call(request.POST["url"])
        self.call_apart(request.POST["url"])
        self.call_fixed("https://example.com/", request.POST["url"])


class FetchFixed(Fetch):
    client_class = Fixed


class Options(View):
    client_class = Client

    def post(self, request):
        self.client_class().fetch(Wanted(**request.POST.dict()))


class Kept(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.ask = call_apart
        self.ask(request.POST["url"])
