# How many rows are read at once.
from django.core.paginator import Paginator
from django.http import JsonResponse

from .models import Book


def first(request):
    limit = int(request.GET.get("limit", 20))
    return JsonResponse({"all": list(Book.objects.values("id")[:limit])})  # bad: amount


def page_of(request):
    size = int(request.GET.get("size", 20))
    pages = Paginator(Book.objects.order_by("id"), size)  # bad: amount
    return JsonResponse({"pages": pages.num_pages})


def offset_and_limit(request):
    offset = int(request.GET["offset"])
    limit = int(request.GET["limit"])
    rows = Book.objects.all()[offset : offset + limit]  # bad: amount
    return JsonResponse({"all": [row.id for row in rows]})


def fixed_size(request):
    page = int(request.GET["page"])
    rows = Book.objects.all()[page * 20 : (page + 1) * 20]  # ok: amount
    one = Book.objects.all()[int(request.GET["at"])]  # ok: amount
    rest = Book.objects.all()[page:]  # ok: amount
    start = (page - 1) * 20
    more = Book.objects.all()[start : start + 20]  # ok: amount
    return JsonResponse({"all": [row.id for row in [*rows, one, *rest, *more]]})


def bounded(request):
    limit = min(100, int(request.GET["limit"]))
    rows = Book.objects.all()[:limit]  # ok: amount
    pages = Paginator(Book.objects.order_by("id"), 20).page(int(request.GET["page"]))  # ok: amount
    return JsonResponse({"all": [row.id for row in rows], "pages": str(pages)})


def from_the_database(request):
    book = Book.objects.get(pk=int(request.GET["id"]))
    rows = Book.objects.all()[: book.pages]  # ok: amount
    return JsonResponse({"all": [row.id for row in rows]})
# --- models.py
from django.db import models


class Book(models.Model):
    pages = models.IntegerField()
