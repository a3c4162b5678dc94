# Being a part of a text says nothing, and neither does being in what was sent.
from django.db import connection


def view(request):
    column = request.GET["column"]
    if column in request.GET.getlist("allowed"):
        connection.cursor().execute("SELECT " + column)  # bad: sql
    if "title" in column:
        connection.cursor().execute("SELECT " + column)  # bad: sql
