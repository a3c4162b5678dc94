# The `execute` of a schema of GraphQL is given no SQL.
import graphene

PEOPLE = "{ people(latitude: %s, longitude: %s) { name } }"


class Query(graphene.ObjectType):
    people = graphene.List(graphene.String)


schema = graphene.Schema(query=Query)


def view(request):
    place = (request.GET["latitude"], request.GET["longitude"])
    schema.execute(PEOPLE % place)  # ok: sql
    connected().execute("SELECT name FROM people WHERE place = '%s'" % request.GET["place"])  # bad: sql
