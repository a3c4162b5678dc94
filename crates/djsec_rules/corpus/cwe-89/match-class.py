# Patterns of classes and mappings, with guards and names for their parts.
from dataclasses import dataclass

from django.db import connection


@dataclass
class Sort:
    column: str
    down: bool = False


def run(request):
    cursor = connection.cursor()
    match Sort(request.GET["sort"]):
        case Sort(column="id"):
            cursor.execute("SELECT 1")  # ok: sql
        case Sort(column=column, down=True):
            cursor.execute("SELECT 1 ORDER BY " + column)  # bad: sql
        case Sort(column) if column in ("name", "price"):
            cursor.execute("SELECT 1 ORDER BY " + column)  # ok: sql
        case Sort(column):
            cursor.execute("SELECT 1 ORDER BY " + column)  # bad: sql


def by_mapping(request):
    cursor = connection.cursor()
    match {"column": request.GET["sort"], "table": "orders"}:
        case {"column": str(column), "table": table}:
            cursor.execute("SELECT " + column)  # bad: sql
            cursor.execute("SELECT 1 FROM " + table)  # ok: sql


def by_type(request):
    cursor = connection.cursor()
    page = request.GET["page"]
    match page.split("-"):
        case [("asc" | "desc") as order, *_]:
            cursor.execute("SELECT 1 ORDER BY id " + order)  # ok: sql
        case [_, *rest]:
            cursor.execute("SELECT 1 ORDER BY " + ",".join(rest))  # bad: sql
        case other:
            cursor.execute("SELECT 1 ORDER BY " + other[0])  # bad: sql
