# The visitor chooses the names of columns.
from django.db.models import Count

from shop.models import Book


def view(request):
    Book.objects.annotate(**{request.GET["name"]: Count("id")})  # bad: alias
    Book.objects.annotate(**{"number": Count("id")})  # ok: alias
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
