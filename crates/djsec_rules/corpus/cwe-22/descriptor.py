# A descriptor decides what is read from an attribute, and what is written to it.
import os


class Upper:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, value.upper())


class Below:
    def __get__(self, instance, owner=None):
        return "/srv/" + instance.name


class Constant:
    def __get__(self, instance, owner=None):
        return "/srv/a.csv"


class Report:
    name = Upper()
    path = Below()
    fixed = Constant()


def view(request):
    report = Report()
    report.name = request.GET["name"]
    open(report.name)  # bad: path
    open(report.fixed)  # ok: path
    open(report.path)  # bad: path
    os.listdir("/srv")  # ok: path
