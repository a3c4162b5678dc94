# What a `with` statement binds is what the expression gives.
from django.db import connection, transaction


def search(request):
    q = request.GET["q"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + q)  # bad: sql
