# A cached property runs the first time it is read.
from functools import cached_property


class Report:
    def __init__(self, request):
        self.request = request

    @cached_property
    def path(self):
        return "/srv/reports/" + self.request.GET["name"]

    def read(self):
        return open(self.path)  # bad: path


def view(request):
    return Report(request).read()
