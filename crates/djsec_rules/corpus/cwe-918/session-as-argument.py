# What a method of a parameter does depends on what callers hand over.
import requests


class Client(requests.Session):
    base = "https://api.example.com"

    def named(self, name):
        return self.get(name)  # bad: ssrf


class Cache:
    def __init__(self):
        self.kept = {}

    def get(self, key):
        return self.kept.get(key)


def fetch(session, address):
    return session.get(address)  # bad: ssrf


def look_up(store, key):
    return store.get(key)  # ok: ssrf


def through(session, address):
    return fetch_deep(session, address)


def fetch_deep(session, address):
    return session.post(address, timeout=5)  # bad: ssrf


def view(request):
    fetch(requests.Session(), request.GET["address"])
    look_up(Cache(), request.GET["key"])
    look_up({}, request.GET["key"])
    through(Client(), request.GET["address"])
    Client().named(request.GET["address"])
    Client().put(request.GET["address"])  # bad: ssrf
