# A property runs where it is read.
class Report:
    def __init__(self, name):
        self.name = name

    @property
    def path(self):
        return "/srv/reports/" + self.name

    @property
    def folder(self):
        return "/srv/reports"


def view(request):
    report = Report(request.GET["name"])
    open(report.path)  # bad: path
    open(report.folder)  # ok: path
