# Decoding leaves the danger in.
import base64
import json
from urllib.parse import unquote

from django.db import connection


def view(request):
    cursor = connection.cursor()
    cursor.execute("SELECT " + base64.b64decode(request.GET["q"]).decode())  # bad: sql
    cursor.execute("SELECT " + unquote(request.GET["q"]))  # bad: sql
    cursor.execute("SELECT " + json.loads(request.GET["q"])["a"])  # bad: sql
    cursor.execute("SELECT '%s'" % base64.b64encode(request.GET["q"].encode()).decode())  # ok: sql
