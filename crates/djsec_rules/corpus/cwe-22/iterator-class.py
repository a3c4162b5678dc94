# A class that is gone through in a loop.
class Names:
    def __init__(self, request):
        self.request = request

    def __iter__(self):
        yield self.request.GET["name"]


def view(request):
    for name in Names(request):
        open("/srv/" + name)  # bad: path
