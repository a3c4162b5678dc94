# Rows of the database in a table.
import csv

from shop.models import Book


def view(request, response):
    writer = csv.writer(response)
    for book in Book.objects.all():
        writer.writerow([book.pk, book.title])  # bad: spreadsheet
        writer.writerow([book.pk, book.pages])  # ok: spreadsheet
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
