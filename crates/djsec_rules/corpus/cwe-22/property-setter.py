# What the setter of a property keeps.
class Report:
    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self._name = value


def view(request):
    report = Report()
    report.name = request.GET["name"]
    open(report.name)  # bad: path
