# Both branches replace the value, so nothing of it is left.
from django.db import connection


def search(request):
    order = request.GET["order"]
    if order == "new":
        order = "created DESC"
    else:
        order = "title"
    connection.cursor().execute("SELECT * FROM books ORDER BY " + order)  # ok: sql
