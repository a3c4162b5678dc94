# Copies of a named tuple, and its fields as a mapping.
from collections import namedtuple
from typing import NamedTuple


class Report(NamedTuple):
    folder: str
    name: str = "a.csv"


Old = namedtuple("Old", ["folder", "name"])


def view(request):
    report = Report("/srv")._replace(name=request.GET["name"])
    open(report.name)  # bad: path
    open(report.folder)  # ok: path
    values = report._asdict()
    open(values["name"])  # bad: path
    open(values["folder"])  # ok: path
    old = Old("/srv", request.GET["name"])
    open(old.name)  # bad: path
    open(old.folder)  # ok: path
    folder, name = old
    open(name)  # bad: path
    open(folder)  # ok: path
