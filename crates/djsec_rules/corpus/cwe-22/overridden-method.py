# The class's own method counts, not that of its base.
class Base:
    def read(self, name):
        return open("/srv/" + name)  # ok: path


class Report(Base):
    def read(self, name):
        return open("/srv/monthly.csv")  # ok: path


def view(request):
    Report().read(request.GET["name"])
