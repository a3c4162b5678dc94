# A table gives the template for a key.
from django.shortcuts import render

PAGES = {"home": "home.html", "about": "about.html"}


def view(request):
    return render(request, PAGES[request.GET["page"]])  # ok: template-name
