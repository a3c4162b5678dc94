# Arguments of a GraphQL query are what the client sends, as far as the types of the schema let it be.
import graphene
from django.db import connection


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)  # bad: sql
        return cursor.fetchall()


def run_harmless(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)  # ok: sql
        return cursor.fetchall()


class Order(graphene.Enum):
    TITLE = "title"
    PRICE = "price"


class Wanted(graphene.InputObjectType):
    title = graphene.String()
    size = graphene.Int()


class BookQuery:
    books = graphene.List(graphene.String, where=graphene.String(), first=graphene.Int())
    sorted = graphene.List(graphene.String, by=graphene.Argument(Order), ids=graphene.List(graphene.Int))
    found = graphene.Field(graphene.String, wanted=Wanted(required=True))
    counted = graphene.Int(table=graphene.String(), first=graphene.Int())

    def resolve_books(self, info, where, first=10):
        run_harmless("SELECT title FROM books LIMIT %s" % first)
        return run("SELECT title FROM books WHERE " + where)

    def resolve_sorted(self, info, by, ids):
        run_harmless("SELECT title FROM books WHERE id IN (%s)" % ",".join(str(one) for one in ids))
        return run_harmless(f"SELECT title FROM books ORDER BY {by}")

    def resolve_found(parent, info, wanted):
        run_harmless("SELECT title FROM books WHERE size = %s" % wanted.size)
        run("SELECT title FROM books WHERE title = '%s'" % wanted["title"])
        return run("SELECT title FROM books WHERE title = '%s'" % wanted.title)

    def resolve_counted(self, info, **kwargs):
        run_harmless("SELECT COUNT(*) FROM books LIMIT %s" % kwargs["first"])
        run("SELECT COUNT(*) FROM " + info.context.GET["table"])
        return run("SELECT COUNT(*) FROM " + kwargs["table"])


class Query(BookQuery, graphene.ObjectType):
    pass


class Rename(graphene.Mutation):
    class Arguments:
        id = graphene.Int(required=True)
        title = graphene.String(required=True)

    ok = graphene.Boolean()

    @classmethod
    def mutate(cls, root, info, id, title):
        run_harmless("UPDATE books SET changed = 1 WHERE id = %s" % id)
        run("UPDATE books SET title = '" + title + "'")
        return cls(ok=True)


class Remove(graphene.relay.ClientIDMutation):
    class Input:
        id = graphene.Int()
        title = graphene.String()

    @classmethod
    def mutate_and_get_payload(cls, root, info, **input):
        run_harmless("DELETE FROM books WHERE id = %s" % input["id"])
        run("DELETE FROM books WHERE title = '" + input["title"] + "'")
        return cls()


class Report:
    """No class of a schema."""

    def resolve_books(self, info, where):
        return run_harmless("SELECT title FROM books WHERE " + where)
