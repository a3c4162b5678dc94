# The visitor chooses the names of look-ups.
from shop.models import Book


def view(request):
    Book.objects.filter(**request.GET.dict())  # bad: lookup
    Book.objects.exclude(**{request.GET["field"]: 1})  # bad: lookup
    Book.objects.filter(**{"title": request.GET["title"]})  # ok: lookup
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
