# What was taken out of an address by `unquote()` is put between no tags by that.
from urllib.parse import unquote

from django.http import JsonResponse
from django.utils.html import escape


def plain(request):
    name = unquote(request.GET["name"]).strip()
    return JsonResponse({"name": name})  # ok: markup


def between_tags(request):
    name = unquote(request.GET["name"]).strip()
    return JsonResponse({"html": f"<b>{name}</b>"})  # bad: markup


def escaped_before(request):
    name = unquote(escape(request.GET["name"]))
    return JsonResponse({"html": f"<b>{name}</b>"})  # bad: markup
