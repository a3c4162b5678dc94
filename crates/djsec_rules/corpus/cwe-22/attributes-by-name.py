# Attributes that are set from mappings, and objects that are made of them.
import types


class Report:
    folder = "/srv"

    def __init__(self, values):
        for name, value in values.items():
            setattr(self, name, value)


class Other:
    def __init__(self, **values):
        self.__dict__.update(values)


class Fixed:
    __slots__ = ("name", "label")

    def __init__(self, name, label="x"):
        self.name, self.label = name, label


def view(request):
    report = Report({"name": request.GET["name"]})
    open(report.name)  # bad: path
    other = Other(name=request.GET["name"], folder="/srv")
    open(other.name)  # bad: path
    open(other.folder)  # ok: path
    space = types.SimpleNamespace(name=request.GET["name"], folder="/srv")
    open(space.name)  # bad: path
    open(space.folder)  # ok: path
    fixed = Fixed(request.GET["name"])
    open(fixed.name)  # bad: path
    open(fixed.label)  # ok: path
    open(vars(fixed)["name"])  # bad: path
