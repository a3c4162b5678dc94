# The attribute is read by the one who made the instance.
class Report:
    def __init__(self, name):
        self.name = name
        self.label = "x"


def view(request):
    report = Report(request.GET["name"])
    open(report.name)  # bad: path
    open(report.label)  # ok: path
