# A query set of the project, made a manager.
from shop.models import Book


def view(request):
    Book.objects.filter(pages=3).titled(request.GET["q"])
# --- models.py
from django.db import models


class BookQuerySet(models.QuerySet):
    def titled(self, title):
        return self.extra(where=["title = '%s'" % title])  # bad: sql


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
    objects = BookQuerySet.as_manager()
