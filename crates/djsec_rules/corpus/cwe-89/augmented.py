# `+=` keeps what was there and adds what comes.
from django.db import connection


def search(request):
    statement = "SELECT * FROM books"
    statement += " WHERE title = '" + request.GET["q"] + "'"
    connection.cursor().execute(statement)  # bad: sql


def fixed(request):
    statement = "SELECT * FROM books"
    statement += " WHERE title = %s"
    connection.cursor().execute(statement, [request.GET["q"]])  # ok: sql
