# A `while` loop carries data from one turn to what comes after it.
from django.db import connection


def search(request):
    words = request.GET["q"].split()
    statement = "SELECT * FROM books WHERE 1 = 1"
    while words:
        word = words.pop()
        statement += f" AND title LIKE '%{word}%'"
    connection.cursor().execute(statement)  # bad: sql
