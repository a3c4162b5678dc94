# A table that is asked inside a `try`.
from django.db import connection
from django.http import Http404

COLUMNS = {"t": "title", "a": "author"}


def view(request):
    try:
        column = COLUMNS[request.GET["column"]]
    except KeyError:
        raise Http404
    connection.cursor().execute("SELECT " + column)  # ok: sql
