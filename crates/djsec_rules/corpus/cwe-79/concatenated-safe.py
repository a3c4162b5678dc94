# A safe text and an unsafe one give an unsafe one; marking it makes it one.
from django.utils.html import escape
from django.utils.safestring import mark_safe


def view(request):
    safe = mark_safe("<b>")
    mark_safe(safe + request.GET["name"])  # bad: html
    mark_safe(safe + escape(request.GET["name"]))  # ok: html
