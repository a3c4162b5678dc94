# Whichever class is chosen, the name is made harmless; and a factory that is chosen makes an instance.
import os


class Base:
    def read(self, name):
        return open("/srv/" + os.path.basename(name))  # ok: path


class Number:
    def read(self, name):
        return open("/srv/%d" % int(name))  # ok: path


class Loose:
    def read(self, name):
        return open("/srv/" + name)  # bad: path


def view(request):
    reader = Base() if request.user.is_staff else Number()
    reader.read(request.GET["name"])


def made(request):
    factory = Base if request.user.is_staff else Loose
    factory().read(request.GET["name"])
