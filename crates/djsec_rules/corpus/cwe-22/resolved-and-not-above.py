# A path without `..` in the middle of it, that neither begins with it nor at the root, leads below.
import os.path
import posixpath

from django.http import HttpResponse, HttpResponseForbidden


def normalized(path):
    clean = posixpath.normpath(path)
    if clean in (".", "..") or clean.startswith("../") or clean.startswith("/"):
        return None
    return clean


def through_a_helper(request):
    path = normalized(request.GET["path"])
    if path is None:
        return HttpResponseForbidden()
    with open("/kept/" + path) as kept:  # ok: path
        return HttpResponse(kept)


def all_at_once(request):
    path = os.path.normpath(request.GET["path"])
    if path.startswith(("..", "/")):
        return HttpResponseForbidden()
    with open(os.path.join("/kept", path)) as kept:  # ok: path
        return HttpResponse(kept)


def from_the_root(request):
    path = os.path.normpath(request.GET["path"])
    if path.startswith(".."):
        return HttpResponseForbidden()
    with open(os.path.join("/kept", path)) as kept:  # bad: path
        return HttpResponse(kept)


def not_resolved(request):
    path = request.GET["path"]
    if path.startswith(("..", "/")):
        return HttpResponseForbidden()
    with open(os.path.join("/kept", path)) as kept:  # bad: path
        return HttpResponse(kept)


def where_it_holds(request):
    path = os.path.normpath(request.GET["path"])
    if path.startswith(("..", "/")):
        with open(os.path.join("/kept", path)) as kept:  # bad: path
            return HttpResponse(kept)
    return HttpResponse()


def before_it_was_resolved(request):
    path = request.GET["path"]
    if path == ".." or path.startswith("../") or path.startswith("/"):
        return HttpResponseForbidden()
    with open(os.path.join("/kept", os.path.normpath(path))) as kept:  # bad: path
        return HttpResponse(kept)
