# What is written to a response is escaped, or is what a template gave.
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape


def view(request):
    response = HttpResponse()
    response.write(escape(request.GET["name"]))  # ok: html
    response.write(render_to_string("name.html", {"name": request.GET["name"]}))  # ok: html
    response.content = "<p>%d</p>" % int(request.GET["page"])  # ok: html
    return response
