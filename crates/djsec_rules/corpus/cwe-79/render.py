# Templates escape by themselves.
from django.shortcuts import render
from django.template.loader import render_to_string


def view(request):
    page = render_to_string("page.html", {"name": request.GET["name"]})
    if page:
        return render(request, "page.html", {"name": request.GET["name"]})  # ok: html
    return None
