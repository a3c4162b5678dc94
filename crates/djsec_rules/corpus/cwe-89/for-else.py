# The `else` of a loop runs with what the loop left.
from django.db import connection


def search(request):
    last = "title"
    for last in request.GET.getlist("column"):
        pass
    else:
        connection.cursor().execute("SELECT " + last)  # bad: sql
