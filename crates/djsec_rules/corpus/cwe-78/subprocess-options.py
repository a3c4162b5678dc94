# Whether there is a shell comes in a dict of options.
import subprocess


def view(request):
    options = {"shell": True, "check": True}
    subprocess.run("ls " + request.GET["folder"], **options)  # bad: command
