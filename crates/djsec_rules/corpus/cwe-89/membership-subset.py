# All of a set is among what is allowed: said in several ways.
from django.db import connection

COLUMNS = {"title", "author"}


def run(columns):
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql


def subset(request):
    columns = request.GET.getlist("column")
    if not set(columns).issubset(COLUMNS):
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql


def superset(request):
    columns = request.GET.getlist("column")
    if COLUMNS.issuperset(columns):
        connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql
    else:
        run(columns)


def unknown(request):
    columns = set(request.GET.getlist("column"))
    unknown = columns - COLUMNS
    if unknown:
        raise ValueError(unknown)
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql


def other_way(request):
    columns = set(request.GET.getlist("column"))
    if COLUMNS - columns:
        return None
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql
