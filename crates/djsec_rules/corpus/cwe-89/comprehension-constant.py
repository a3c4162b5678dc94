# A comprehension that gives constants for each element carries nothing.
from django.db import connection


def search(request):
    marks = ", ".join("%s" for _ in request.GET.getlist("id"))
    ids = request.GET.getlist("id")
    connection.cursor().execute(f"SELECT * FROM books WHERE id IN ({marks})", ids)  # ok: sql
