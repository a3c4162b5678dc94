# `escape` makes a text harmless for HTML.
from django.http import HttpResponse
from django.utils.html import escape


def view(request):
    return HttpResponse("<p>Hello " + escape(request.GET["name"]))  # ok: html
