# Variables of the process are set by the operator.
import os


def view(request):
    os.system("ls " + os.environ["FOLDER"])  # ok: command
    os.system("ls " + os.environ.get("FOLDER", request.GET["folder"]))  # bad: command
