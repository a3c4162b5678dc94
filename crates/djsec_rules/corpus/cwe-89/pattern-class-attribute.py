# A compiled pattern that stands in another module.
from django.db import connection

from shop.patterns import LOOSE, NAME


def view(request):
    column = request.GET["column"]
    if NAME.match(column):
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if LOOSE.match(column):
        connection.cursor().execute("SELECT " + column)  # bad: sql
# --- patterns.py
import re

NAME = re.compile(r"^[a-z]+$")
LOOSE = re.compile(r"^[a-z]+")
