# Whether a wrapper starts a shell is decided by who calls it.
import subprocess


def run(command, shell=False):
    return subprocess.run(command, shell=shell, check=True)  # bad: command


def listed(command, shell=False):
    return subprocess.run(command, shell=shell, check=True)  # ok: command


def run_options(command, **options):
    return subprocess.run(command, **options)  # bad: command


def listed_options(command, **options):
    return subprocess.run(command, **options)  # ok: command


class Runner:
    def __init__(self, shell):
        self.shell = shell

    def run(self, command):
        return subprocess.run(command, shell=self.shell)  # bad: command


class Starter:
    def __init__(self, shell):
        self.shell = shell

    def run(self, command):
        return subprocess.run(command, shell=self.shell)  # ok: command


def view(request):
    run("ls " + request.GET["folder"], shell=True)
    listed(["ls", request.GET["folder"]])
    listed(["ls", request.GET["folder"]], shell=False)
    run_options("ls " + request.GET["folder"], shell=True, check=True)
    listed_options(["ls", request.GET["folder"]], check=True)
    Runner(True).run("ls " + request.GET["folder"])
    Starter(shell=False).run(["ls", request.GET["folder"]])
