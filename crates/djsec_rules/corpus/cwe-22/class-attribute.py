# An attribute of the class is a constant.
class Report:
    folder = "/srv/reports"

    def read(self):
        return open(self.folder + "/monthly.csv")  # ok: path

    def write(self, request):
        return open(self.folder + request.GET["name"])  # bad: path


def view(request):
    Report().read()
    Report().write(request)
