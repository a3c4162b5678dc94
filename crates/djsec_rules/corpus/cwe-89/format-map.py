# `format_map` carries the values of its dict.
from django.db import connection


def search(request):
    values = {"q": request.GET["q"]}
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM books WHERE title = '{q}'".format_map(values))  # bad: sql
