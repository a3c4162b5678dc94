# What a parsed date gives is harmless, too.
import datetime

from django.db import connection


def view(request):
    day = datetime.datetime.strptime(request.GET["day"], "%Y-%m-%d")
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM books WHERE day = '{day.date()}'")  # ok: sql
    cursor.execute(f"SELECT * FROM books WHERE day = '{day.strftime('%Y')}'")  # ok: sql
    later = day + datetime.timedelta(days=1)
    cursor.execute(f"SELECT * FROM books WHERE day = '{later}'")  # ok: sql
