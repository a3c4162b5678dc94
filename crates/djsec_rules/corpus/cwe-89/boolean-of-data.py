# That something was sent is harmless.
from django.db import connection


def view(request):
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM books WHERE old = {'old' in request.GET}")  # ok: sql
    cursor.execute(f"SELECT * FROM books WHERE old = {request.GET['a'] == 'b'}")  # ok: sql
    cursor.execute(f"SELECT * FROM books WHERE old = {not request.GET['a']}")  # ok: sql
