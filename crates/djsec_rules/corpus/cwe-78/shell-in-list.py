# A shell that is started by name runs the text after `-c`.
import subprocess


def view(request):
    subprocess.run(["sh", "-c", "ls " + request.GET["folder"]])  # bad: command
