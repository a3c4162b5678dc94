# One branch of an `if` puts data in; after it, it may be there.
from django.db import connection


def search(request):
    where = "1 = 1"
    if request.GET.get("filter"):
        where = request.GET["filter"]
    connection.cursor().execute("SELECT * FROM books WHERE " + where)  # bad: sql
