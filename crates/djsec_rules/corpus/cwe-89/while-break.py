# What stands at a `break` leaves the loop with it.
from django.db import connection


def search(request):
    column = "title"
    while True:
        wanted = request.GET["column"]
        if wanted:
            column = wanted
            break
        column = "author"
    connection.cursor().execute("SELECT " + column)  # bad: sql
