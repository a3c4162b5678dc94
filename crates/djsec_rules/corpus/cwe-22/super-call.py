# An overriding method that calls the one of its base.
class Base:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


class Report(Base):
    def read(self, name):
        print("reading")
        return super().read(name + ".csv")


def view(request):
    Report().read(request.GET["name"])
