# Rows of a query of which nothing is known are not what they are looked for with.
from django.http import HttpResponse
from elsewhere import cleaner, source


def names(request):
    rows = source.rows().filter(name__in=request.GET.getlist("name")).exclude(kind=request.GET["kind"])
    return HttpResponse("<br>".join(str(row) for row in rows))  # ok: html


def cleaned(request):
    return HttpResponse(cleaner.filter(request.GET["text"]))  # bad: html


def wanted(request):
    return HttpResponse(source.rows(request.GET["q"]).filter(kind="a"))  # bad: html
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("a/", views.names), path("b/", views.cleaned), path("c/", views.wanted)]
