# A pattern takes a sequence apart; each name holds its part.
from django.db import connection


def search(request):
    cursor = connection.cursor()
    match request.GET["q"].split(":"):
        case ["by", column]:
            cursor.execute("SELECT * FROM books ORDER BY " + column)  # bad: sql
        case [table, *rest]:
            cursor.execute("SELECT * FROM " + table)  # bad: sql
            cursor.execute("SELECT * FROM " + rest[0])  # bad: sql
