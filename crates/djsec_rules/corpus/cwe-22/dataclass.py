# The fields of a dataclass, by place and by name.
from dataclasses import dataclass


@dataclass
class Report:
    name: str
    label: str = "x"


def view(request):
    report = Report(request.GET["name"])
    open(report.name)  # bad: path
    open(report.label)  # ok: path
    report = Report(name="a", label=request.GET["label"])
    open(report.name)  # ok: path
    open(report.label)  # bad: path
