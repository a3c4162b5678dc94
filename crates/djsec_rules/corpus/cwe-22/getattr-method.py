# A method that is chosen by a text of the request.
class Report:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


def view(request):
    getattr(Report(), request.GET["action"])(request.GET["name"])
