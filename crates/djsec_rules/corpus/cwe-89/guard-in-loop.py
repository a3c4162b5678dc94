# A guard that breaks out of the loop.
from django.db import connection


def view(request):
    for column in request.GET.getlist("column"):
        if not column.isidentifier():
            break
        connection.cursor().execute("SELECT " + column)  # ok: sql
