# Each field of a named tuple keeps its own data.
from typing import NamedTuple


class Report(NamedTuple):
    label: str
    name: str


def view(request):
    report = Report("x", request.GET["name"])
    open(report.name)  # bad: path
    open(report.label)  # ok: path
    label, name = report
    open(name)  # bad: path
