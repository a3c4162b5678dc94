# A connection that was made by hand.
import sqlite3

import psycopg2


def view(request):
    connection = sqlite3.connect("a.db")
    connection.execute("SELECT " + request.GET["q"])  # bad: sql
    connection.execute("SELECT ?", (request.GET["q"],))  # ok: sql
    other = psycopg2.connect("dbname=a")
    with other.cursor() as cursor:
        cursor.execute("SELECT " + request.GET["q"])  # bad: sql
