# The module to import comes from the request.
import importlib

from django.utils.module_loading import import_string

HANDLERS = {"a": "shop.handlers.a", "b": "shop.handlers.b"}


def view(request):
    importlib.import_module("shop." + request.GET["module"])  # bad: code
    import_string(request.GET["handler"])  # bad: code
    import_string(HANDLERS[request.GET["handler"]])  # ok: code
