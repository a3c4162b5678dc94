# A class attribute that one view writes and another one reads.
class Last:
    name = "monthly.csv"


def keep(request):
    Last.name = request.GET["name"]


def view(request):
    return open("/srv/reports/" + Last.name)  # bad: path
