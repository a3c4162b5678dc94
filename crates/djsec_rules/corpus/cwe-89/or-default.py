# `or` gives the left side where it is true.
from django.db import connection


def search(request):
    column = request.GET.get("column") or "title"
    connection.cursor().execute("SELECT " + column)  # bad: sql
