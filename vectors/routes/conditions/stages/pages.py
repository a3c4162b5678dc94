"""Functions that make patterns."""

from django.urls import path, re_path

from . import views


def pages(names):
    found = []
    for name in names:
        found.append(path(name + "/", views.page, {"page": name}, name="page-%s" % name))
    return found


def crud(model, module, prefix=""):
    """List, add and remove for one kind of thing."""

    def one(action, pattern):
        return re_path(rf"^{prefix}{model}/{pattern}$", getattr(module, f"{model}_{action}"), name=f"{model}_{action}")

    return [
        one("list", ""),
        one("add", "add/"),
        one("remove", r"(?P<pk>\d+)/remove/"),
    ]


def numbered(count):
    return [path("row/{}/".format(number), views.home, name="row-{0}".format(number)) for number in range(count)]
