# JSON gives numbers, texts, lists and dicts only.
import json


def view(request):
    return json.loads(request.body)  # ok: deserialize
