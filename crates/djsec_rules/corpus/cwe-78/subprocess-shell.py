# With a shell the whole text is the command; without, an argument is an argument.
import subprocess


def view(request):
    folder = request.GET["folder"]
    subprocess.run("ls " + folder, shell=True)  # bad: command
    subprocess.run(["ls", folder])  # ok: command
    subprocess.run([folder, "-l"])  # bad: command
    subprocess.run(["ls", folder], shell=False)  # ok: command
