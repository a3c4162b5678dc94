# `raw` takes SQL and parameters.
from shop.models import Book


def view(request):
    q = request.GET["q"]
    Book.objects.raw("SELECT * FROM books WHERE title = '%s'" % q)  # bad: sql
    Book.objects.raw("SELECT * FROM books WHERE title = %s", [q])  # ok: sql
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
