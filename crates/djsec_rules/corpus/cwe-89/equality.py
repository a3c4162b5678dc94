# A value that equals a constant is that constant.
from django.db import connection


def view(request):
    column = request.GET["column"]
    if column == "title":
        connection.cursor().execute("SELECT " + column)  # ok: sql
    elif column != "author":
        connection.cursor().execute("SELECT " + column)  # bad: sql
    else:
        connection.cursor().execute("SELECT " + column)  # ok: sql
