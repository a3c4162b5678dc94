# The class of a parameter is known from its annotation.
class Report:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


def show(report: Report, name: str):
    report.read(name)


def view(request):
    show(Report(), request.GET["name"])
