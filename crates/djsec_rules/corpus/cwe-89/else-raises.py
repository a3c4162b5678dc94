# The branch that does not raise is the one that goes on.
from django.db import connection
from django.http import Http404


def search(request):
    column = request.GET["column"]
    if column in ("title", "author"):
        pass
    else:
        raise Http404
    connection.cursor().execute("SELECT " + column)  # ok: sql
