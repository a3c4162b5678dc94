# Data goes through two `for` clauses of one comprehension.
from django.db import connection


def search(request):
    lines = request.GET["q"].splitlines()
    words = [word for line in lines for word in line.split()]
    connection.cursor().execute("SELECT * FROM " + words[0])  # bad: sql
