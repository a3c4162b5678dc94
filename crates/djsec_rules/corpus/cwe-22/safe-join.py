# `safe_join` raises where the path leaves its folder.
from django.utils._os import safe_join


def view(request):
    open(safe_join("/srv", request.GET["name"]))  # ok: path
