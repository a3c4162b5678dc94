# What an instance is as a text comes from `__str__`.
class Report:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return "/srv/" + self.name


def view(request):
    report = Report(request.GET["name"])
    open(str(report))  # bad: path
    open(f"{report}.csv")  # bad: path
