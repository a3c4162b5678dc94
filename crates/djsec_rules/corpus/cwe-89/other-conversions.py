# Dates, decimals, UUIDs and floats are as harmless as integers.
import datetime
import uuid
from decimal import Decimal

from django.db import connection
from django.utils.dateparse import parse_date


def view(request):
    cursor = connection.cursor()
    value = request.GET["value"]
    cursor.execute(f"SELECT {float(value)}")  # ok: sql
    cursor.execute(f"SELECT {Decimal(value)}")  # ok: sql
    cursor.execute(f"SELECT '{uuid.UUID(value)}'")  # ok: sql
    cursor.execute(f"SELECT '{datetime.date.fromisoformat(value)}'")  # ok: sql
    cursor.execute(f"SELECT '{datetime.datetime.strptime(value, '%Y')}'")  # ok: sql
    cursor.execute(f"SELECT '{parse_date(value)}'")  # ok: sql
    cursor.execute(f"SELECT {bool(value)}")  # ok: sql
    cursor.execute(f"SELECT '{str(request.GET['other'])}'")  # bad: sql
