# A decorator with `functools.wraps` hands the arguments on.
import functools
import os


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("called")
        return function(*args, **kwargs)

    return wrapper


@logged
def run(command):
    os.system(command)  # bad: command


def view(request):
    run(request.GET["command"])
