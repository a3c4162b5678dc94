# A method of the base class does the harm.
class Base:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


class Report(Base):
    pass


def view(request):
    Report().read(request.GET["name"])
