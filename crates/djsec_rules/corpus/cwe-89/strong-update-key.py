# A constant key of a dict that is given something else no longer holds what was in it.
from django.db import connection


def search(request):
    values = {"q": request.GET["q"], "table": "books"}
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM " + values["table"])  # ok: sql
    cursor.execute("SELECT * FROM " + values["q"])  # bad: sql
    values["q"] = "books"
    cursor.execute("SELECT * FROM " + values["q"])  # ok: sql
