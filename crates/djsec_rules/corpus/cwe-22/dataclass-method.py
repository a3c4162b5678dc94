# A method of a dataclass uses its fields.
from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    name: str
    label: str

    def path(self):
        return "/srv/" + self.name

    def safe_path(self):
        return "/srv/" + self.label


def view(request):
    report = Report(request.GET["name"], "x")
    open(report.path())  # bad: path
    open(report.safe_path())  # ok: path
