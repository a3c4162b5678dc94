# One of two classes; either may be the one.
class Strict:
    def read(self, name):
        return None


class Lax:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


def view(request):
    reader = Strict() if request.user.is_staff else Lax()
    reader.read(request.GET["name"])
