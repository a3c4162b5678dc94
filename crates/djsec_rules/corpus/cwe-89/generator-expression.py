# A generator expression gives its elements where it is used up.
from django.db import connection


def search(request):
    clauses = (f"title = '{name}'" for name in request.GET.getlist("name"))
    connection.cursor().execute("SELECT * FROM books WHERE " + " OR ".join(clauses))  # bad: sql
