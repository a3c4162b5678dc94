# Two instances of one class: only one holds data.
class Report:
    def __init__(self, name):
        self.name = name


def view(request):
    mine = Report(request.GET["name"])
    fixed = Report("monthly.csv")
    open(mine.name)  # bad: path
    open(fixed.name)  # ok: path
