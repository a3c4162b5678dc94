# Whether a shell runs them is decided two calls further up, for each of two programs, and by a function that calls
# itself for what is further down.
import subprocess


def start(command, shell):
    subprocess.run(command, shell=shell)  # bad: command


def both(first, second, shell):
    start(first, shell)
    start(second, shell)


def each(tasks, shell):
    for task in tasks:
        if task.command:
            subprocess.run(task.command, shell=shell)  # bad: command
        if task.children:
            each(task.children, shell)


def view(request):
    both(request.GET["name"], "date", True)
    both("date", "date", True)


def listed(request):
    each(request.POST, True)
