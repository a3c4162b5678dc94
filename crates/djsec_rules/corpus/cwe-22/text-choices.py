# Django's choices are an enumeration, too.
from django.db.models import TextChoices


class Report(TextChoices):
    MONTHLY = "monthly.csv"
    YEARLY = "yearly.csv"


def view(request):
    open("/srv/" + Report(request.GET["report"]))  # ok: path
    if request.GET["other"] in Report.values:
        open("/srv/" + request.GET["other"])  # ok: path
    open("/srv/" + request.GET["other"])  # bad: path
