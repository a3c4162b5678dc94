# `search` must be anchored at both ends.
import re

from django.db import connection


def view(request):
    column = request.GET["column"]
    if not re.search(r"^[a-z_]+$", column):
        return None
    connection.cursor().execute("SELECT " + column)  # ok: sql


def lax(request):
    column = request.GET["column"]
    if not re.search(r"[a-z_]+$", column):
        return None
    connection.cursor().execute("SELECT " + column)  # bad: sql
