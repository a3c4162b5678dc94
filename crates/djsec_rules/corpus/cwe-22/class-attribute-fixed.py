# Class attributes that only ever hold what is fixed, or what was checked.
NAMES = ["monthly.csv", "yearly.csv"]


class Last:
    name = "monthly.csv"
    folder = "/srv/reports/"


class Other:
    name = "monthly.csv"


def keep(request):
    name = request.GET["name"]
    if name in NAMES:
        Last.name = name
    Last.folder = "/srv/other/"
    Other().name = request.GET["name"]


def view(request):
    open(Last.folder + Last.name)  # ok: path
    return open("/srv/reports/" + Other.name)  # ok: path
