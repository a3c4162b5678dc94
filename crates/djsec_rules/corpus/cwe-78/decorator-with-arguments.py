# A decorator that is made by a call.
import os
from functools import wraps


def retried(times):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            for _ in range(times):
                function(*args, **kwargs)

        return wrapper

    return decorate


@retried(times=3)
def run(command):
    os.system(command)  # bad: command


def view(request):
    run(request.GET["command"])
