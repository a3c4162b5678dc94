# The condition of a comprehension checks each element.
from django.db import connection

COLUMNS = ["title", "author"]


def search(request):
    asked = request.GET["columns"].split(",")
    safe = [name for name in asked if name in COLUMNS]
    cursor = connection.cursor()
    cursor.execute("SELECT " + ", ".join(safe))  # ok: sql
    lax = [name for name in asked if name]
    cursor.execute("SELECT " + ", ".join(lax))  # bad: sql
