# A record that an object keeps, by a parameter with a type, stays one: its fields are told apart.
import dataclasses
from pathlib import Path

from django.http import HttpResponse


@dataclasses.dataclass
class Overrides:
    filename: str | None = None
    title: str | None = None


class Step:
    def __init__(self, overrides: Overrides) -> None:
        self.overrides = overrides


class Consume(Step):
    def __init__(self, overrides: Overrides) -> None:
        super().__init__(overrides)
        self.filename = self.overrides.filename
        self.title = self.overrides.title


def consume(overrides: Overrides | None = None):
    if overrides is None:
        overrides = Overrides()
    step = Consume(overrides)
    overrides = step.overrides
    step = Consume(overrides)
    Path("/srv", step.filename).unlink()  # ok: path
    Path("/srv", step.title).unlink()  # bad: path


def view(request):
    consume(Overrides(filename="report.pdf", title=request.POST["title"]))
    return HttpResponse()
