# A decorator keeps data on the request; the view uses it.
from functools import wraps

import requests


def with_target(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        request.target = request.GET["url"]
        return view(request, *args, **kwargs)

    return wrapper


@with_target
def fetch(request):
    requests.get(request.target)  # bad: ssrf
