# A bound method is kept and called later.
class Report:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


def view(request):
    read = Report().read
    read(request.GET["name"])
