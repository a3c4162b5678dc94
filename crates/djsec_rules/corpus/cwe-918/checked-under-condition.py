# What is asked before the check is asked again before the call, in another method.
from urllib.parse import urlparse

import requests
from django.conf import settings
from django.http import HttpResponse
from django.views import View


class Embed(View):
    @property
    def external(self):
        return self.known is None

    def fetch(self, url):
        if self.external:
            return requests.get(url)  # ok: ssrf
        return None

    def early(self, url):
        if not self.external:
            return None
        return requests.get(url)  # ok: ssrf

    def get(self, request):
        url = request.GET["url"]
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
        self.early(url)
        return HttpResponse(self.fetch(url))


class Local(View):
    def get(self, request):
        url = request.GET["url"]
        if self.external and urlparse(url).netloc not in settings.DOMAINS:
            return HttpResponse(status=400)
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
        if self.external:
            requests.get(url)  # ok: ssrf
        return HttpResponse()
