# Guards that end early in loops, in `with` blocks, in `try` blocks and in other functions.
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_slug
from django.db import connection, transaction

COLUMNS = ("name", "price")
validate_column = RegexValidator(r"^[a-z]+\Z")


def clean(column):
    if column in COLUMNS:
        return column
    raise ValueError(column)


def first_known(columns):
    for column in columns:
        if column not in COLUMNS:
            continue
        return column
    return "name"


def one(request):
    with transaction.atomic():
        column = request.GET["column"]
        if column not in COLUMNS:
            return None
        connection.cursor().execute("SELECT " + column)  # ok: sql


def two(request):
    column = request.GET["column"]
    with suppress(ValidationError):
        validate_slug(column)
    connection.cursor().execute("SELECT " + column)  # bad: sql


def three(request):
    column = request.GET["column"]
    try:
        validate_slug(column)
    except ValidationError:
        return
    connection.cursor().execute("SELECT " + column)  # ok: sql


def four(request):
    connection.cursor().execute("SELECT " + clean(request.GET["column"]))  # ok: sql
    connection.cursor().execute("SELECT " + first_known(request.GET.getlist("column")))  # ok: sql


def five(request):
    column = request.GET["column"]
    validate_column(column)
    connection.cursor().execute("SELECT " + column)  # ok: sql


def six(request):
    columns = request.GET.getlist("column")
    for column in columns:
        if column not in COLUMNS:
            break
    else:
        connection.cursor().execute("SELECT " + ", ".join(columns))  # ok: sql


def seven(request):
    column = request.GET["column"]
    while column not in COLUMNS:
        column = "name"
    connection.cursor().execute("SELECT " + column)  # ok: sql


def eight(request):
    column = request.GET["column"]
    if column == "name" or column == "price":
        connection.cursor().execute("SELECT " + column)  # ok: sql
    if column == "name" or len(column) < 9:
        connection.cursor().execute("SELECT " + column)  # bad: sql
    if not (column == "name" or column == "price"):
        return
    connection.cursor().execute("SELECT " + column)  # ok: sql
