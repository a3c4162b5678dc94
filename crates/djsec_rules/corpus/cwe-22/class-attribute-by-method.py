# A class method keeps what another one reads.
class Last:
    name = "monthly.csv"

    @classmethod
    def keep(cls, name):
        cls.name = name

    @classmethod
    def read(cls, request):
        cls.title = request.GET["title"]
        return open("/srv/reports/" + cls.title)  # bad: path


class Derived(Last):
    def read_title(self):
        return open("/srv/reports/" + self.title)  # bad: path


def view(request):
    Last.read(request)
    Derived().read_title()
