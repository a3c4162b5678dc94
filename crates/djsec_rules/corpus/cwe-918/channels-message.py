# What a consumer of a socket receives.
import json

import requests
from channels.generic.websocket import WebsocketConsumer


class Hooks(WebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        requests.get(json.loads(text_data)["url"])  # bad: ssrf
