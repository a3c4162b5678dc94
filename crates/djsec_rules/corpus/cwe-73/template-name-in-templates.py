# A template that includes or extends what it is told.
from django.shortcuts import render

PARTS = {"a": "a.html", "b": "b.html"}


def page(request):
    part = request.GET["part"]
    known = request.GET["known"]
    if known not in ("a.html", "b.html"):
        known = "a.html"
    return render(request, "page.html", {"part": part, "chosen": PARTS[part], "known": known})


def child(request):
    return render(request, "child.html", {"base": request.GET["base"]})
# --- templates/page.html
{% include part %} # bad: template-name
{% include "parts/"|add:part %} # bad: template-name
{% include chosen %} # ok: template-name
{% include known %} # ok: template-name
{% include "a.html" with part=part %} # ok: template-name
# --- templates/child.html
{% extends base %} # bad: template-name
