# Functions of Django under the names by which other modules of it offer them.
from django.http import HttpResponse
from django.template.defaultfilters import conditional_escape, mark_safe as marked
from django.utils.html import format_html, mark_safe


def view(request):
    mark_safe("<b>" + request.GET["name"] + "</b>")  # bad: html
    marked("<b>" + request.GET["name"] + "</b>")  # bad: html
    return HttpResponse(format_html("<b>{}</b>", conditional_escape(request.GET["name"])))  # ok: html
