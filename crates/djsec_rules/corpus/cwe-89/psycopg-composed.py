# Names and values that psycopg composes.
from django.db import connection
from psycopg2 import sql


def view(request):
    table = sql.Identifier(request.GET["table"])
    statement = sql.SQL("SELECT * FROM {}").format(table)
    connection.cursor().execute(statement)  # ok: sql
