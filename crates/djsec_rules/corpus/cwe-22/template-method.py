# The base calls a method that a derived class defines.
class Base:
    def run(self, name):
        self.handle(name)

    def handle(self, name):
        raise NotImplementedError


class Report(Base):
    def handle(self, name):
        open("/srv/" + name)  # bad: path


def view(request):
    Report().run(request.GET["name"])
