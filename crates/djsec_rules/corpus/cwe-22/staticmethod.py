# A static method has no `self`.
class Report:
    @staticmethod
    def read(name, label):
        open("/srv/" + label)  # ok: path
        return open("/srv/" + name)  # bad: path

    def other(self, request):
        self.read(request.GET["name"], "x")


def view(request):
    Report.read(request.GET["name"], "x")
    Report().other(request)
