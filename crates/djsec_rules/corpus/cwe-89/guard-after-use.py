# A parameter is checked after something was made of it.
from django.db import connection


def rows(column):
    statement = "SELECT " + column
    if column not in ("title", "author"):
        return None
    connection.cursor().execute(statement)  # ok: sql


def lax(column, other):
    statement = "SELECT " + column + other
    if column not in ("title", "author"):
        return None
    connection.cursor().execute(statement)  # bad: sql


def part(column):
    statement = "SELECT " + column
    column = column.split(",")[0]
    if column not in ("title", "author"):
        return None
    connection.cursor().execute(statement)  # bad: sql


def view(request):
    rows(request.GET["column"])
    lax(request.GET["column"], request.GET["other"])
    part(request.GET["column"])
