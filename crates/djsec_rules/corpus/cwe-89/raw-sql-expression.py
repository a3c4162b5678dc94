# An expression with SQL of its own.
from django.db.models import F, Func, Value
from django.db.models.expressions import RawSQL

from shop.models import Book


def view(request):
    q = request.GET["q"]
    Book.objects.annotate(a=RawSQL("title = '%s'" % q, []))  # bad: sql
    Book.objects.annotate(a=RawSQL("title = %s", [q]))  # ok: sql
    Book.objects.annotate(a=Func(F("title"), function=q))  # bad: sql
    Book.objects.annotate(a=Func(F("title"), Value(q), function="CONCAT"))  # ok: sql
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
