# What an object is as a text is what its class says.
import os


class Job:
    def __init__(self, command):
        self.command = command

    def __str__(self):
        return "job"

    def __repr__(self):
        return "Job(%r)" % self.command


class Line:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def view(request):
    job = Job(request.GET["command"])
    os.system(str(job))  # ok: command
    os.system(f"echo {job}")  # ok: command
    os.system("echo " + repr(job))  # bad: command
    line = Line(request.GET["command"])
    os.system(f"echo {line}")  # bad: command
    os.system(str(line))  # bad: command
