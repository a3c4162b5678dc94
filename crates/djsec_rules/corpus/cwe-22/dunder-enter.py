# What `with` binds is what `__enter__` gives.
class Report:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return "/srv/" + self.name

    def __exit__(self, *details):
        return None


def view(request):
    with Report(request.GET["name"]) as path:
        open(path)  # bad: path
