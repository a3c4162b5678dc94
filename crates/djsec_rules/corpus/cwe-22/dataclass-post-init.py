# What a dataclass makes of its fields after they were given, and copies of it.
import dataclasses
import os
from dataclasses import dataclass, field


@dataclass
class Report:
    name: str
    folder: str = "/srv"
    path: str = field(init=False)
    tags: list = field(default_factory=list)

    def __post_init__(self):
        self.path = os.path.join(self.folder, self.name)


@dataclass
class Clean:
    name: str

    def __post_init__(self):
        self.name = os.path.basename(self.name)


def view(request):
    report = Report(request.GET["name"])
    open(report.path)  # bad: path
    open(report.folder)  # ok: path
    open(Report("a.csv").path)  # ok: path
    open(Clean(request.GET["name"]).name)  # ok: path
    moved = dataclasses.replace(Report("a.csv"), name=request.GET["name"])
    open(moved.name)  # bad: path
    open(moved.folder)  # ok: path
    values = dataclasses.asdict(Report(request.GET["name"]))
    open(values["name"])  # bad: path
    open(values["folder"])  # ok: path
