# Django's validators raise for what does not fit.
from django.core.validators import validate_slug
from django.db import connection


def view(request):
    name = request.GET["name"]
    validate_slug(name)
    connection.cursor().execute("SELECT * FROM " + name)  # ok: sql
    connection.cursor().execute("SELECT * FROM " + request.GET["other"])  # bad: sql
