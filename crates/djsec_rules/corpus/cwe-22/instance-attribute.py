# A constructor keeps data on the instance; a method opens the file.
class Report:
    def __init__(self, name, label):
        self.name = name
        self.label = label

    def read(self):
        return open("/srv/reports/" + self.name).read()  # bad: path

    def read_label(self):
        return open("/srv/reports/" + self.label).read()  # ok: path


def view(request):
    report = Report(request.GET["name"], "monthly")
    report.read()
    report.read_label()
