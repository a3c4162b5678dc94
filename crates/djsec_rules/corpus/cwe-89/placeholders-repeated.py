# As many placeholders as there are values: the common way to write `IN`.
from django.db import connection


def search(request):
    ids = request.GET.getlist("id")
    marks = ",".join(["%s"] * len(ids))
    connection.cursor().execute("SELECT * FROM books WHERE id IN (%s)" % marks, ids)  # ok: sql
