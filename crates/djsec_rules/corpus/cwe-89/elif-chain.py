# A chain of `elif` in which one link lets the value through.
from django.db import connection


def search(request):
    order = request.GET["order"]
    if order == "new":
        column = "created"
    elif order == "old":
        column = "-created"
    elif order.startswith("x_"):
        column = order
    else:
        column = "title"
    connection.cursor().execute("SELECT * FROM books ORDER BY " + column)  # bad: sql
