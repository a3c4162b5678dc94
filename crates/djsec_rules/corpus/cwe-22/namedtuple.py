# The fields of a named tuple.
from collections import namedtuple

Report = namedtuple("Report", ["label", "name"])


def view(request):
    report = Report("x", request.GET["name"])
    open(report.name)  # bad: path
