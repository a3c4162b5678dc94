# What the connection of a socket brings, and what the server put there.
import requests
from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Hooks(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content):
        requests.get(content["url"])  # bad: ssrf
        requests.get("https://example.com:%d" % int(content["port"]))  # ok: ssrf

    async def connect(self):
        requests.get("https://" + self.scope["query_string"].decode())  # bad: ssrf
        requests.get("https://" + self.scope["url_route"]["kwargs"]["host"])  # bad: ssrf
        requests.get("https://example.com/%s" % self.scope["user"].pk)  # ok: ssrf
        requests.get("https://" + self.scope["client"][0])  # ok: ssrf


class Own:
    def receive_json(self, content):
        requests.get(content["url"])  # ok: ssrf
