# What one turn of a loop leaves, the next turn finds.
from django.db import connection


def search(request):
    statement = "SELECT 1"
    for name in request.GET.getlist("name"):
        connection.cursor().execute(statement)  # bad: sql
        statement = "SELECT * FROM " + name
