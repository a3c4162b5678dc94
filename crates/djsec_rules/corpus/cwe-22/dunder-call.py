# An instance that is called runs `__call__`.
class Reader:
    def __call__(self, name):
        return open("/srv/" + name)  # bad: path


def view(request):
    read = Reader()
    read(request.GET["name"])
