# The fields of the base come first.
from dataclasses import dataclass


@dataclass
class Base:
    label: str


@dataclass
class Report(Base):
    name: str


def view(request):
    report = Report("x", request.GET["name"])
    open(report.name)  # bad: path
    open(report.label)  # ok: path
