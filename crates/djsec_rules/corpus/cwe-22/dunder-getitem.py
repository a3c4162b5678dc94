# An instance that is indexed runs `__getitem__`.
class Names:
    def __init__(self, request):
        self.request = request

    def __getitem__(self, key):
        return self.request.GET[key]


def view(request):
    open("/srv/" + Names(request)["name"])  # bad: path
