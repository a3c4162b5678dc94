# A list that is unpacked into the arguments gives each of them.
import os


def run(program, folder):
    os.system(program + " " + folder)  # bad: command


def view(request):
    arguments = ["ls", request.GET["folder"]]
    run(*arguments)
