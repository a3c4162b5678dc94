# What a loop gathers is there after it.
from django.db import connection


def search(request):
    clauses = []
    for name in request.GET.getlist("name"):
        clauses.append("name = '%s'" % name)
    connection.cursor().execute("SELECT * FROM books WHERE " + " OR ".join(clauses))  # bad: sql
