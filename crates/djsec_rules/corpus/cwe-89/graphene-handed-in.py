# What a schema does not ask for does not come from a query: a decorator of the project hands it to the resolver. Of the
# names that were sent only those are left that the caller allows.
import graphene
from django.db import connection


def with_table(resolver):
    def wrapped(root, info, **kwargs):
        return resolver(root, info, table="books", **kwargs)

    return wrapped


class Query(graphene.ObjectType):
    books = graphene.List(graphene.String, title=graphene.String())

    @with_table
    def resolve_books(self, info, table, title):
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM " + table)  # ok: sql
        cursor.execute("SELECT * FROM books WHERE title = '" + title + "'")  # bad: sql


def selected(names, allowed):
    for name in set(names) & allowed:
        connection.cursor().execute("SELECT " + name + " FROM books")  # bad: sql


def view(request):
    selected(request.GET.keys(), {"title", "author"})


def any_view(request):
    selected(request.GET.keys(), set(request.POST.keys()))


def only(names, allowed: set):
    for name in set(names) & allowed:
        connection.cursor().execute("SELECT " + name + " FROM books")  # ok: sql


def safe_view(request):
    only(request.GET.keys(), {"title", "author"})
