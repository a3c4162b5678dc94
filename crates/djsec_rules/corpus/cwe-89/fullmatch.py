# A pattern that the whole text matches.
import re

from django.db import connection


def view(request):
    column = request.GET["column"]
    if re.fullmatch(r"[a-z_]+", column):
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if re.fullmatch(r".+", column):
        connection.cursor().execute("SELECT " + column)  # bad: sql
