# The check runs under one condition, the call under none, under another, or under its opposite.
from urllib.parse import urlparse

import requests
from django.conf import settings
from django.http import HttpResponse
from django.views import View


class Embed(View):
    def always(self, url):
        return requests.get(url)  # bad: ssrf

    def other(self, url):
        if self.cached:
            return requests.get(url)  # bad: ssrf
        return None

    def opposite(self, url):
        if not self.external:
            return requests.get(url)  # bad: ssrf
        return None

    def shared(self, url):
        if self.external:
            return requests.get(url)  # bad: ssrf
        return None

    def get(self, request):
        url = request.GET["url"]
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
        self.always(url)
        self.other(url)
        self.opposite(url)
        # Its condition is about another object.
        Embed().shared(url)
        return HttpResponse()


class Changed(View):
    def get(self, request):
        url = request.GET["url"]
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
        self.external = True
        if self.external:
            requests.get(url)  # bad: ssrf
        return HttpResponse()


class After(View):
    def get(self, request):
        url = request.GET["url"]
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
            url = request.GET["other"]
        if self.external:
            requests.get(url)  # bad: ssrf
        return HttpResponse()


class Two(View):
    def get(self, request):
        url = request.GET["url"]
        if self.external:
            if urlparse(url).netloc not in settings.DOMAINS:
                return HttpResponse(status=400)
            pass
        if self.cached:
            return HttpResponse()
        requests.get(url)  # bad: ssrf
        return HttpResponse()
