# Conversions that are only made where they fit.
import uuid
from decimal import Decimal, InvalidOperation

from django.db import connection


def number(text):
    return int(text) if text.isdigit() else None


def loosely(text):
    return int(text) if text.isdigit() else text


def digits(text):
    if not text.isdecimal():
        raise ValueError(text)
    return text


def amount(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return text.strip()


def view(request):
    cursor = connection.cursor()
    text = request.GET["id"]
    cursor.execute("SELECT %s" % number(text))  # ok: sql
    cursor.execute("SELECT %s" % loosely(text))  # bad: sql
    cursor.execute("SELECT " + str(amount(text)))  # bad: sql
    cursor.execute("SELECT " + (text if text.isdigit() else "0"))  # ok: sql
    cursor.execute("SELECT " + (text if len(text) < 5 else "0"))  # bad: sql
    cursor.execute("SELECT '%s'" % uuid.UUID(hex=request.GET["other"]))  # ok: sql
    cursor.execute("SELECT " + digits(text))  # ok: sql
    # It would have raised if there were anything else in it.
    cursor.execute("SELECT " + text)  # ok: sql
