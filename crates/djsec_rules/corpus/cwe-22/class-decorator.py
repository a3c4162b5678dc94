# Decorators of classes, and what a base class does with those derived from it.
import functools


def registered(class_):
    REPORTS[class_.kind] = class_
    return class_


def total(class_):
    class_.describe = lambda self: self.name
    return class_


REPORTS = {}


@registered
class Monthly:
    kind = "monthly"

    def __init__(self, name):
        self.name = name

    def path(self):
        return "/srv/" + self.name


@functools.total_ordering
@registered
class Yearly(Monthly):
    kind = "yearly"

    def path(self):
        return "/srv/year.csv"


def view(request):
    open(Monthly(request.GET["name"]).path())  # bad: path
    open(Yearly(request.GET["name"]).path())  # ok: path
    report = REPORTS[request.GET["kind"]](request.GET["name"])
    open(report.path())  # bad: path
