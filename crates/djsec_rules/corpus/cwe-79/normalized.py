# What is normalized after it was escaped may have tags again: wide letters become plain ones.
import unicodedata

from django.http import HttpResponse
from django.utils.html import escape


def after(request):
    name = unicodedata.normalize("NFKC", escape(request.GET["name"]))
    return HttpResponse("<p>" + name)  # bad: html


def before(request):
    name = escape(unicodedata.normalize("NFKC", request.GET["name"]))
    return HttpResponse("<p>" + name)  # ok: html


def composed(request):
    name = unicodedata.normalize("NFC", escape(request.GET["name"]))
    return HttpResponse("<p>" + name)  # ok: html


def of_number(request):
    page = unicodedata.normalize("NFKC", str(int(request.GET["page"])))
    return HttpResponse("<p>" + page)  # ok: html
