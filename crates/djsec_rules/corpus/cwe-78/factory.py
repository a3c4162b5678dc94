# A function makes another one around its argument; the caller runs it.
import os


def maker(folder):
    def run():
        os.system("ls " + folder)  # bad: command

    return run


def view(request):
    maker(request.GET["folder"])()
