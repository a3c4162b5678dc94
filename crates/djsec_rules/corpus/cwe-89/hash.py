# A digest is harmless.
import hashlib

from django.db import connection


def view(request):
    digest = hashlib.sha256(request.GET["q"].encode()).hexdigest()
    connection.cursor().execute(f"SELECT * FROM books WHERE digest = '{digest}'")  # ok: sql
