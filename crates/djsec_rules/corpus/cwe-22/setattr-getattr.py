# Attributes that are named by texts.
class Report:
    pass


def view(request):
    report = Report()
    setattr(report, "name", request.GET["name"])
    open(getattr(report, "name"))  # bad: path
    open(getattr(report, "label", "x"))  # ok: path
