# Values in look-ups are bound by Django.
from django.db.models import Q

from shop.models import Book


def view(request):
    q = request.GET["q"]
    Book.objects.filter(title=q)  # ok: sql, lookup
    Book.objects.filter(Q(title__icontains=q) | Q(author=q))  # ok: sql, lookup
    Book.objects.get(pk=q)  # ok: sql, lookup
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
