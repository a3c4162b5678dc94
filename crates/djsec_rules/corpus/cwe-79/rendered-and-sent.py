# A page that a template made is sent.
from django.http import HttpResponse
from django.template.loader import render_to_string


def view(request):
    page = render_to_string("page.html", {"name": request.GET["name"]})
    return HttpResponse(page)  # ok: html
