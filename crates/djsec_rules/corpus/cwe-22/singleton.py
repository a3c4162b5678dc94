# An object at module level that methods fill.
class Store:
    def keep(self, name):
        self.name = name

    def read(self):
        return open("/srv/" + self.name)  # bad: path


STORE = Store()


def first(request):
    STORE.keep(request.GET["name"])


def second(request):
    STORE.read()
