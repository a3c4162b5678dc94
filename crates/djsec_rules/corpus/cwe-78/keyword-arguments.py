# Arguments by name go to the parameters of that name.
import os


def archive(*, folder, label=""):
    os.system("tar cf out.tar " + folder)  # bad: command


def listing(*, folder, label=""):
    os.system("ls " + folder)  # ok: command


def view(request):
    archive(label="x", folder=request.GET["folder"])
    listing(label=request.GET["folder"], folder="/srv")
