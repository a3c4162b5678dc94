# Which method runs is decided by the order of all bases, also where `super()` goes sideways.
import os


class Base:
    def path(self, name):
        return "/srv/" + name


class Careful(Base):
    def path(self, name):
        return super().path(os.path.basename(name))


class Loud(Base):
    def path(self, name):
        return super().path(name.upper())


class CarefulFirst(Careful, Loud):
    pass


class LoudOnly(Loud):
    pass


class Reading:
    def path(self, name):
        return open("/srv/" + name)  # bad: path


class Marked:
    def path(self, name):
        return super().path("marked-" + name)


class MarkedReading(Marked, Reading):
    pass


def view(request):
    name = request.GET["name"]
    open(LoudOnly().path(name))  # bad: path
    open(CarefulFirst().path(name))  # ok: path
    MarkedReading().path(name)
