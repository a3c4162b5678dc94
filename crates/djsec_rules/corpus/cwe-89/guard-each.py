# A loop that looks at every element leaves a list of harmless ones, if it leaves none out.
from django.db import connection
from django.http import Http404

COLUMNS = ("name", "price")


def refused(request):
    columns = request.GET.getlist("column")
    for column in columns:
        if column not in COLUMNS:
            raise Http404
    connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql


def some_left_out(request):
    columns = request.GET.getlist("column")
    for column in columns:
        if column.startswith("_"):
            continue
        if column not in COLUMNS:
            raise Http404
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql


def only_told(request):
    columns = request.GET.getlist("column")
    for column in columns:
        if column not in COLUMNS:
            print(len(column))
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql


def rebound(request):
    columns = request.GET.getlist("column")
    for column in columns:
        column = "name"
        print(column)
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql


def first_only(request):
    columns = request.GET.getlist("column")
    for column in columns:
        if column in COLUMNS:
            break
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql
