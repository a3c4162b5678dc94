# A decorator of the project reads the request and hands a value to the view.
import os
from functools import wraps


def with_folder(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, request.GET["folder"], *args, **kwargs)

    return wrapper


@with_folder
def listing(request, folder):
    os.system("ls " + folder)  # bad: command
