# A set made from data is as free as the data.
from django.db import connection


def search(request):
    tables = {name for name in request.GET.getlist("table")}
    for table in tables:
        connection.cursor().execute("SELECT * FROM " + table)  # bad: sql
