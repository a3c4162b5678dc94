# A context manager of the project hands on what its generator yields.
from contextlib import contextmanager

from django.db import connection


@contextmanager
def statement(text):
    yield "SELECT " + text


def search(request):
    with statement(request.GET["q"]) as text:
        connection.cursor().execute(text)  # bad: sql
    with statement("1") as text:
        connection.cursor().execute(text)  # ok: sql
