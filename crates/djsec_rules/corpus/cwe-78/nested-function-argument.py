# An inner function gets data as an argument.
import os


def view(request):
    def listing(folder):
        os.system("ls " + folder)  # bad: command

    def harmless(folder):
        os.system("ls " + folder)  # ok: command

    listing(request.GET["folder"])
    harmless("/srv")
