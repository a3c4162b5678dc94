# The constructor of the base keeps the data.
class Base:
    def __init__(self, name):
        self.name = name


class Report(Base):
    def __init__(self, name, label):
        super().__init__(name)
        self.label = label

    def read(self):
        open(self.label)  # ok: path
        return open("/srv/" + self.name)  # bad: path


def view(request):
    Report(request.GET["name"], "x").read()
