# A pattern that is compiled at module level.
import re

from django.db import connection

NAME = re.compile(r"[a-z_]+")
LOOSE = re.compile(r"[a-z_]+.*")


def view(request):
    column = request.GET["column"]
    if NAME.fullmatch(column):
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if NAME.match(column):
        connection.cursor().execute("SELECT " + column)  # bad: sql
    if LOOSE.fullmatch(column):
        connection.cursor().execute("SELECT " + column)  # bad: sql
