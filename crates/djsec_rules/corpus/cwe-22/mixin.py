# A method of a mixin uses what a method of another class gives.
class NameMixin:
    def name(self):
        return self.request.GET["name"]


class ReadMixin:
    def read(self):
        return open("/srv/" + self.name())  # bad: path


class Report(NameMixin, ReadMixin):
    def __init__(self, request):
        self.request = request


def view(request):
    Report(request).read()
