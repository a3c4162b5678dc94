# Two values of the request that are equal are both free.
from django.db import connection


def view(request):
    column = request.GET["column"]
    if column == request.GET["again"]:
        connection.cursor().execute("SELECT " + column)  # bad: sql
