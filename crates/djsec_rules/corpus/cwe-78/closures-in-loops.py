# Functions that are made in loops and kept, and several functions that share what is around them.
import os


def commands(folders):
    made = []
    for folder in folders:
        made.append(lambda folder=folder: os.system("ls " + folder))  # bad: command
    return made


def counter(first):
    kept = [first]

    def add(text):
        kept.append(text)

    def run():
        os.system(" ".join(kept))  # bad: command

    def size():
        os.system("echo %d" % len(kept))  # ok: command

    return add, run, size


def view(request):
    for command in commands(request.GET.getlist("folder")):
        command()
    add, run, size = counter("ls")
    add(request.GET["folder"])
    run()
    size()
    table = {"list": lambda text: os.system("ls " + text), "none": lambda text: None}  # bad: command
    table["list"](request.GET["folder"])
    names = sorted(request.GET.getlist("name"), key=lambda name: len(name))
    os.system(names[0])  # bad: command
    longest = max(request.GET.getlist("name"), key=len)
    os.system(longest)  # bad: command
    os.system(str(max(map(len, names))))  # ok: command
