# Parameters of an operation of Django Ninja.
import requests
from ninja import NinjaAPI, Schema

api = NinjaAPI()


class Hook(Schema):
    url: str
    port: int


@api.post("/hooks")
def create(request, hook: Hook):
    requests.get(hook.url)  # bad: ssrf
    requests.get("https://example.com:%s" % hook.port)  # ok: ssrf
