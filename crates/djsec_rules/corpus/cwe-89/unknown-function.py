# A function of a package that nobody knows may hand data on.
from django.db import connection
from somewhere import tidy


def view(request):
    connection.cursor().execute("SELECT " + tidy(request.GET["q"]))  # bad: sql
