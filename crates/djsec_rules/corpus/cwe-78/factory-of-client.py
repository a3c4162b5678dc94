# A function gives an object whose method does the harm.
import os


class Client:
    def fetch(self, name):
        os.system("fetch " + name)  # bad: command

    def size(self, name):
        return len(name)


def client():
    return Client()


def view(request):
    client().fetch(request.GET["name"])
    client().size(request.GET["name"])
