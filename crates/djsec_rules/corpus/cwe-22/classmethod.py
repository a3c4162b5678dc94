# A class method makes the instance.
class Report:
    def __init__(self, name):
        self.name = name

    @classmethod
    def of(cls, request):
        return cls(request.GET["name"])

    @classmethod
    def path(cls, name):
        return "/srv/" + name


def view(request):
    open(Report.of(request).name)  # bad: path
    open(Report.path(request.GET["name"]))  # bad: path
