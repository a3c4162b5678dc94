# Only a part of the text is digits.
from django.db import connection


def view(request):
    number = request.GET["id"]
    if number[0].isdigit():
        connection.cursor().execute("SELECT * FROM books WHERE id = " + number)  # bad: sql
