# A method whose name begins with a fixed text is chosen; others are not.
class Report:
    def do_read(self, name):
        return open("/srv/" + name)  # bad: path

    def do_count(self, name):
        return len(name)

    def read(self, name):
        return open("/srv/" + name)  # ok: path


def view(request):
    report = Report()
    getattr(report, "do_" + request.GET["action"])(request.GET["name"])


def formatted(request):
    report = Report()
    method = getattr(report, f"do_{request.GET['action']}", None)
    method(request.GET["name"])


def fixed(request, kind):
    getattr(Report(), kind)(request.GET["name"])
