# Decorators that hand over a number, a row, or a text that was checked.
import os
from functools import wraps

FOLDERS = ["/srv", "/var"]


def with_page(view):
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, int(request.GET["page"]), *args, **kwargs)

    return wrapper


def with_folder(view):
    def wrapper(request):
        folder = request.GET["folder"]
        if folder not in FOLDERS:
            return None
        return view(request, folder)

    return wrapper


@with_page
def paged(request, page):
    os.system("head -n %s list" % page)  # ok: command


@with_folder
def listing(request, folder):
    os.system("ls " + folder)  # ok: command
