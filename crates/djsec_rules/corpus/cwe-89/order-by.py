# The visitor chooses the order.
from shop.models import Book

ORDERS = {"new": "-created", "title": "title"}


def view(request):
    order = request.GET["order"]
    Book.objects.order_by(order)  # bad: order
    Book.objects.order_by(ORDERS.get(order, "title"))  # ok: order
    if order in ("title", "-title"):
        return Book.objects.order_by(order)  # ok: order
    return Book.objects.order_by("title")  # ok: order
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    created = models.DateTimeField()
