# `extra` takes SQL in most of its arguments.
from shop.models import Book


def view(request):
    q = request.GET["q"]
    Book.objects.extra(where=["title = '%s'" % q])  # bad: sql
    Book.objects.filter(pages=3).extra(select={"a": "pages > " + q})  # bad: sql
    Book.objects.extra(where=["title = %s"], params=[q])  # ok: sql
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
