# Names and templates in expressions of queries.
from django.db import connection
from django.db.models import Case, F, Func, OrderBy, Sum, Value, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Concat, Lower

from shop.models import Book


class Soundex(Func):
    function = "SOUNDEX"
    template = "%(function)s(%(expressions)s)"


def view(request):
    name = request.GET["name"]
    Book.objects.annotate(a=Soundex("title", template="%%s(%s)" % name))  # bad: sql
    Book.objects.annotate(a=Soundex(Value(name)))  # ok: sql
    Book.objects.annotate(a=Sum("pages", template=name))  # bad: sql
    Book.objects.annotate(a=Concat("title", Value(name)))  # ok: sql
    Book.objects.annotate(a=Case(When(title=name, then=Value("x")), default=Value(name)))  # ok: sql
    Book.objects.order_by(OrderBy(F(name)))  # bad: order
    Book.objects.order_by(F(name).desc())  # bad: order
    Book.objects.order_by(Lower("title"))  # ok: order
    Book.objects.values("title").annotate(a=KeyTransform(name, "data"))  # ok: sql
    Book.objects.filter(**{"data__" + name: 1})  # bad: lookup
    Book.objects.filter(data__contains={name: 1})  # ok: lookup
    Book.objects.annotate(a=Cast("pages", output_field=None))  # ok: sql


def cursors(request):
    name = request.GET["name"]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO " + name + " VALUES (%s)", [(1,)])  # bad: sql
        cursor.executemany("INSERT INTO book VALUES (%s)", [(name,)])  # ok: sql
        cursor.callproc(name)  # bad: sql
        cursor.callproc("count_books", [name])  # ok: sql
        cursor.execute("SELECT 1 WHERE title = %(name)s", {"name": name})  # ok: sql
        cursor.execute("SELECT 1 WHERE title = '%(name)s'" % {"name": name})  # bad: sql
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
    data = models.JSONField()
