# A query for MongoDB that the visitor sends as a dict.
import json

import pymongo


def view(request):
    books = pymongo.MongoClient().shop.books
    books.find_one(json.loads(request.body))  # bad: nosql
    books.find_one({"title": str(request.GET["title"])})  # ok: nosql
    books.find_one({"$where": "this.title == '%s'" % request.GET["title"]})  # bad: code
    books.find_one({"pages": int(request.GET["pages"])})  # ok: nosql
