# Data needs two turns of a loop to get to the statement.
from django.db import connection


def search(request):
    first = second = "SELECT 1"
    for name in request.GET.getlist("name"):
        connection.cursor().execute(second)  # bad: sql
        second = first
        first = name
