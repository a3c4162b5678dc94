# Guards that raise what Django answers with a page of its own.
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpResponseBadRequest

COLUMNS = {"name", "price"}


def not_found():
    raise Http404("no such column")


def refuse(message):
    if message:
        print(message)
    raise BadRequest(message)


def one(request):
    column = request.GET["column"]
    if column not in COLUMNS:
        raise Http404
    connection.cursor().execute("SELECT " + column)  # ok: sql


def two(request):
    column = request.GET["column"]
    if column not in COLUMNS:
        not_found()
    connection.cursor().execute("SELECT " + column)  # ok: sql


def three(request):
    column = request.GET["column"]
    if not column.isdigit():
        refuse("not a number")
    connection.cursor().execute("SELECT " + column)  # ok: sql


def four(request):
    column = request.GET["column"]
    if request.user.is_anonymous:
        raise PermissionDenied
    connection.cursor().execute("SELECT " + column)  # bad: sql


def five(request):
    column = request.GET["column"]
    try:
        if column not in COLUMNS:
            raise SuspiciousOperation(column)
    except SuspiciousOperation:
        return HttpResponseBadRequest()
    connection.cursor().execute("SELECT " + column)  # ok: sql


def six(request):
    column = request.GET["column"]
    if column not in COLUMNS:
        HttpResponseBadRequest()
    connection.cursor().execute("SELECT " + column)  # bad: sql
