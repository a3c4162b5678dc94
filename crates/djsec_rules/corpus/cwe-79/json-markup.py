# HTML that a script gets as JSON is put into the page as it is.
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import Order


def bold(text):
    return "<b>" + text + "</b>"


def answer(html):
    return JsonResponse({"html": html})  # bad: markup


def put_together(request):
    q = request.GET["q"]
    rows = ["<td>%s</td>" % q, "<td>{}</td>".format(q)]
    JsonResponse({"html": f"<h2>{q}</h2>"})  # bad: markup
    JsonResponse({"rows": rows})  # bad: markup
    JsonResponse({"html": bold(q)})  # bad: markup
    JsonResponse({"html": "<a href='%s'>%s</a>" % (request.GET["url"], 1)})  # bad: markup
    return answer("<p>" + q + "</p>")


@api_view(["GET"])
def rest(request):
    return Response({"html": f"<h2>{request.query_params['q']}</h2>"})  # bad: markup


def stored(request, pk):
    order = get_object_or_404(Order, pk=pk)
    return JsonResponse({"cell": f"<td>{order.note}</td>"})  # bad: markup


def escaped(request, pk):
    q = request.GET["q"]
    JsonResponse({"html": f"<h2>{escape(q)}</h2>"})  # ok: markup
    JsonResponse({"html": bold(escape(q))})  # ok: markup
    JsonResponse({"html": escape(bold(q))})  # ok: markup
    JsonResponse({"html": format_html("<h2>{}</h2>", q)})  # ok: markup
    JsonResponse({"html": render_to_string("rows.html", {"q": q})})  # ok: markup
    JsonResponse({"html": f"<td>{pk}</td>"})  # ok: markup
    JsonResponse({"html": bold(str(int(q)))})  # ok: markup
    return JsonResponse({"q": q, "sum": "a <b " + q, "more": f"{q} > 3"})  # ok: markup


def plain(request):
    JsonResponse({"message": "No order " + request.GET["q"]})  # ok: markup
    JsonResponse({"sent": request.POST, "as": request.body.decode()})  # ok: markup
    return answer(request.GET["q"])

# --- models.py
from django.db import models


class Order(models.Model):
    note = models.TextField()
# --- urls.py
from django.urls import path

from . import views

urlpatterns = [
    path("together/", views.put_together),
    path("rest/", views.rest),
    path("stored/<int:pk>/", views.stored),
    path("escaped/<int:pk>/", views.escaped),
    path("plain/", views.plain),
]
