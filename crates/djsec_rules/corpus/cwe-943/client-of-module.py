# A client that is made at the top of a module.
import json

from elasticsearch import Elasticsearch

client = Elasticsearch("https://search.example.com")


def view(request):
    client.search(index="books", query=json.loads(request.body))  # bad: nosql
    client.search(index="books", query={"match": {"title": request.GET["q"]}})  # ok: nosql
