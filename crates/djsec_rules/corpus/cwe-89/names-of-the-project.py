# Statements that are put together from names of the project, with data beside them.
from django.db import connection
from django.db.models import Q

from shop.models import Book

TABLES = {"books": "shop_book", "authors": "shop_author"}


def view(request):
    cursor = connection.cursor()
    ids = request.GET.getlist("id")
    table = Book._meta.db_table
    marks = ", ".join(["%s"] * len(ids))
    cursor.execute(f"SELECT * FROM {table} WHERE id IN ({marks})", ids)  # ok: sql
    cursor.execute("SELECT * FROM {} LIMIT {:d}".format(table, int(ids[0])))  # ok: sql
    cursor.execute("SELECT * FROM " + TABLES[request.GET["table"]])  # ok: sql
    cursor.execute("SELECT * FROM " + TABLES.get(request.GET["table"], "shop_book"))  # ok: sql
    cursor.execute("SELECT * FROM " + TABLES.get(request.GET["table"], request.GET["table"]))  # bad: sql
    columns = [field.column for field in Book._meta.fields if field.name in ids]
    cursor.execute("SELECT %s FROM shop_book" % ", ".join(columns))  # ok: sql
    direction = "DESC" if request.GET.get("down") else "ASC"
    cursor.execute("SELECT * FROM shop_book ORDER BY id " + direction)  # ok: sql
    where = []
    if request.GET.get("q"):
        where.append("title = %s")
    cursor.execute("SELECT * FROM shop_book WHERE " + " AND ".join(where), [request.GET.get("q")])  # ok: sql
    query = Q()
    for word in request.GET.get("q", "").split():
        query |= Q(title__icontains=word)
    Book.objects.filter(query)  # ok: lookup
    where.append("title = '%s'" % request.GET["title"])
    cursor.execute("SELECT * FROM shop_book WHERE " + " AND ".join(where))  # bad: sql
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
