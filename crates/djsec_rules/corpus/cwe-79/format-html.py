# `format_html` escapes its arguments, not its format.
from django.http import HttpResponse
from django.utils.html import format_html


def view(request):
    name = request.GET["name"]
    format_html("<b>" + name + "</b>")  # bad: html
    format_html(f"<b>{name}</b>")  # bad: html
    return HttpResponse(format_html("<b>{}</b>", name))  # ok: html
