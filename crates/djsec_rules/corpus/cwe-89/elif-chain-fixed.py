# A chain of `elif` in which every link gives a constant.
from django.db import connection


def search(request):
    order = request.GET["order"]
    if order == "new":
        column = "created"
    elif order == "old":
        column = "-created"
    else:
        column = "title"
    connection.cursor().execute("SELECT * FROM books ORDER BY " + column)  # ok: sql
