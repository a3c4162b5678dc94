# The types of an operation's parameters hold for what its address brings, too.
from django.http import HttpResponse
from ninja import NinjaAPI

api = NinjaAPI()


@api.get("/numbers/{number}")
def numbered(request, number: int):
    return HttpResponse(f"<p>{number}</p>")  # ok: html


@api.get("/names/{name}")
def named(request, name: str):
    return HttpResponse(f"<p>{name}</p>")  # bad: html


@api.get("/others/{name}")
def other(request, name):
    return HttpResponse(f"<p>{name}</p>")  # bad: html


# --- urls.py
from django.urls import path

from .views import api

urlpatterns = [path("api/", api.urls)]
