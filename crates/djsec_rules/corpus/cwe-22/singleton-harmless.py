# An object at module level that is filled with what can do no harm.
import os


class Store:
    def __init__(self):
        self.name = "monthly.csv"
        self.page = 0

    def keep(self, name, page):
        self.name = os.path.basename(name)
        self.page = page

    def read(self):
        return open("/srv/%s/%s" % (self.name, self.page))  # ok: path


STORE = Store()


def first(request):
    STORE.keep(request.GET["name"], int(request.GET["page"]))


def second(request):
    STORE.read()
