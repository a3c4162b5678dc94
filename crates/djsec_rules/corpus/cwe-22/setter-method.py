# A method puts data on the instance, another one uses it.
class Report:
    def choose(self, name):
        self.name = name

    def read(self):
        return open("/srv/reports/" + self.name)  # bad: path


def view(request):
    report = Report()
    report.choose(request.GET["name"])
    report.read()
