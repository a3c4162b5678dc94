# Only the text after `-c` is run by a shell; what comes after it are arguments.
import shlex
import subprocess


def view(request):
    folder = request.GET["folder"]
    subprocess.run(["sh", "-c", 'ls "$0"', folder])  # ok: command
    subprocess.run(["/bin/bash", "-c", "ls " + shlex.quote(folder)])  # ok: command
    subprocess.run(["sudo", "bash", "-lc", "ls " + folder])  # bad: command
    subprocess.run(args=["sh", "-c", f"ls {folder}"])  # bad: command
    subprocess.run(["ls", "-c", folder])  # ok: command
    subprocess.run(["head", "-c", "10", folder])  # ok: command
    subprocess.run(["sh", "list.sh", folder])  # ok: command
