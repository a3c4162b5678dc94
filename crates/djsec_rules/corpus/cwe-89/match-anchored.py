# `match` begins at the beginning and may end anywhere.
import re

from django.db import connection


def view(request):
    column = request.GET["column"]
    if re.match(r"^[a-z_]+$", column):
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if re.match(r"[a-z_]+", column):
        connection.cursor().execute("SELECT " + column)  # bad: sql
