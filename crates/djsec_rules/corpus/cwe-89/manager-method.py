# A manager of the project builds SQL.
from shop.models import Book


def view(request):
    Book.objects.titled(request.GET["q"])
    Book.objects.bound(request.GET["q"])
# --- models.py
from django.db import models


class BookManager(models.Manager):
    def titled(self, title):
        return self.raw("SELECT * FROM books WHERE title = '%s'" % title)  # bad: sql

    def bound(self, title):
        return self.raw("SELECT * FROM books WHERE title = %s", [title])  # ok: sql


class Book(models.Model):
    title = models.CharField(max_length=200)
    objects = BookManager()
