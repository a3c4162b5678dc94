# What an enumeration gives for a value is one of its members.
from enum import Enum


class Report(Enum):
    MONTHLY = "monthly.csv"
    YEARLY = "yearly.csv"


def view(request):
    open("/srv/" + request.GET["report"])  # bad: path
    open("/srv/" + Report(request.GET["report"]).value)  # ok: path
    open("/srv/" + Report[request.GET["report"]].value)  # ok: path
