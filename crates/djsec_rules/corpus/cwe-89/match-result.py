# The result of a match is looked at, or its groups are used.
import re

from django.db import connection


def view(request):
    column = request.GET["column"]
    found = re.fullmatch(r"[a-z_]+", column)
    if found is None:
        return None
    connection.cursor().execute("SELECT " + column)  # ok: sql


def groups(request):
    found = re.match(r"(\w+):(.*)", request.GET["column"])
    connection.cursor().execute("SELECT " + found.group(2))  # bad: sql
