# What is marked is told once, where it is marked.
from django.http import HttpResponse
from django.utils.safestring import mark_safe
from markupsafe import Markup


def marked(text):
    return mark_safe("<b>" + text + "</b>")  # bad: html


def view(request):
    if request.GET.get("a"):
        return HttpResponse(marked(request.GET["a"]))  # ok: html
    if request.GET.get("b"):
        return HttpResponse(Markup(request.GET["b"]))  # bad: html
    page = Markup("<b>%s</b>" % request.GET["c"])  # bad: html
    return HttpResponse(page)  # ok: html
