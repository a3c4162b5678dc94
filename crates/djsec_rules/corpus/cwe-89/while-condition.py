# After the loop its condition is false.
from django.db import connection


def view(request):
    names = request.GET.getlist("column")
    column = names.pop()
    while column not in ("title", "author"):
        column = names.pop()
    connection.cursor().execute("SELECT " + column)  # ok: sql
