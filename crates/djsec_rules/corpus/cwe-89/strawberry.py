# Parameters of resolvers of strawberry are what the client sends, as far as their types let it be.
import strawberry
from django.db import connection


@strawberry.input
class Wanted:
    title: str
    size: int


@strawberry.type
class Query:
    @strawberry.field
    def books(self, info, where: str, first: int = 10) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT title FROM books LIMIT %s" % first)  # ok: sql
            cursor.execute("SELECT title FROM books WHERE " + where)  # bad: sql
            cursor.execute("SELECT title FROM books WHERE " + info.context.request.GET["q"])  # bad: sql
            return cursor.fetchall()

    def helper(self, where: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT title FROM books WHERE " + where)  # ok: sql
            return cursor.fetchall()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, wanted: Wanted) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE books SET title = 'a' WHERE size = %s" % wanted.size)  # ok: sql
            cursor.execute("UPDATE books SET title = '%s'" % wanted.title)  # bad: sql
        return True
