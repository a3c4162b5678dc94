# Attributes that a class makes up where they are asked for.
class Options:
    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        return self._values[name]


class Fixed:
    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        return "/srv/" + name


def view(request):
    options = Options(request.GET)
    open(options.path)  # bad: path
    fixed = Fixed(request.GET)
    open(fixed.path)  # ok: path
