# A parameter that is not given has its constant default.
import os


def listing(folder="/srv"):
    os.system("ls " + folder)  # ok: command


def view(request):
    listing()
    return request.GET["folder"]
