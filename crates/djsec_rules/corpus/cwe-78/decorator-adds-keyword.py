# A decorator with arguments hands over a keyword, to a function and to a method.
import os
from functools import wraps

from django.utils.decorators import method_decorator
from django.views import View


def with_value(name):
    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            kwargs["folder"] = request.GET[name]
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def with_folder(view):
    def wrapper(request, *args, **kwargs):
        return view(request, folder=request.GET["folder"])

    return wrapper


@with_value("folder")
def listing(request, other="x", folder=None):
    os.system("ls " + other)  # ok: command
    os.system("ls " + folder)  # bad: command


class Listing(View):
    @method_decorator(with_folder)
    def get(self, request, folder):
        os.system("ls " + folder)  # bad: command
