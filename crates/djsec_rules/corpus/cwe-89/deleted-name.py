# After `del` and a new assignment nothing of the old value is left.
from django.db import connection


def search(request):
    q = request.GET["q"]
    del q
    q = "title"
    connection.cursor().execute("SELECT " + q)  # ok: sql
