# The name of a comprehension is not the name around it.
from django.db import connection


def search(request):
    name = "title"
    shown = [name for name in request.GET.getlist("name")]
    connection.cursor().execute("SELECT " + name)  # ok: sql
    return shown
