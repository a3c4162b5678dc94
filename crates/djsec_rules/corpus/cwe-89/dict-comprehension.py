# Both keys and values of a dict can carry data.
from django.db import connection


def search(request):
    wanted = {name: value for name, value in request.GET.items()}
    clauses = []
    for name, value in wanted.items():
        clauses.append(name + " = %s")
    connection.cursor().execute("SELECT * FROM books WHERE " + " AND ".join(clauses))  # bad: sql
