# Methods of texts that change case, cut or pad leave the danger in.
from django.db import connection


def search(request):
    q = request.GET["q"]
    cursor = connection.cursor()
    cursor.execute("SELECT " + q.strip())  # bad: sql
    cursor.execute("SELECT " + q.lower())  # bad: sql
    cursor.execute("SELECT " + q.replace("'", "''"))  # bad: sql
    cursor.execute("SELECT " + q.split(",")[0])  # bad: sql
    cursor.execute("SELECT " + q.partition(":")[2])  # bad: sql
    cursor.execute("SELECT " + q.removeprefix("x").zfill(3))  # bad: sql
