# Methods that give back the instance itself are chained.
class Report:
    def named(self, name):
        self.name = name
        return self

    def read(self):
        return open("/srv/reports/" + self.name)  # bad: path


def view(request):
    Report().named(request.GET["name"]).read()
