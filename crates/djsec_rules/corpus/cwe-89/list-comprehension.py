# A list made from data is as free as the data.
from django.db import connection


def search(request):
    columns = [name.strip() for name in request.GET["columns"].split(",")]
    connection.cursor().execute("SELECT " + ", ".join(columns))  # bad: sql
