# An object in an object.
class Name:
    def __init__(self, text):
        self.text = text


class Report:
    def __init__(self, name):
        self.name = Name(name)

    def read(self):
        return open("/srv/" + self.name.text)  # bad: path


def view(request):
    Report(request.GET["name"]).read()
