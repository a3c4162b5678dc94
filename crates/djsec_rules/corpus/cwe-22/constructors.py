# Other ways to make an object: class methods, `__new__`, and classes that stand in classes.
class Report:
    def __init__(self, name, folder="/srv"):
        self.name = name
        self.folder = folder

    @classmethod
    def from_request(cls, request):
        return cls(request.GET["name"])

    @classmethod
    def default(cls, request):
        return cls("a.csv", folder="/srv/" + str(len(request.GET)))


class Upper(Report):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


class Outer:
    class Inner:
        def __init__(self, name):
            self.name = name

    def inner(self, name):
        return self.Inner(name)


def view(request):
    open(Report.from_request(request).name)  # bad: path
    open(Report.from_request(request).folder)  # ok: path
    open(Report.default(request).folder)  # ok: path
    open(Upper.from_request(request).name)  # bad: path
    open(Upper("a.csv").name)  # ok: path
    open(Outer().inner(request.GET["name"]).name)  # bad: path
    open(Outer.Inner("a.csv").name)  # ok: path
