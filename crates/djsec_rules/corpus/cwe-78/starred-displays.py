# Lists, sets and calls that take other lists apart.
import os


def view(request):
    given = [request.GET["command"], "x"]
    fixed = ["ls", "/srv"]
    os.system(" ".join([*fixed, *given]))  # bad: command
    os.system(" ".join([*fixed, *fixed]))  # ok: command
    first, *rest = ["ls", *given]
    os.system(first)  # ok: command
    os.system(rest[0])  # bad: command
    *most, last = request.GET["command"].split()
    os.system(" ".join(most))  # bad: command
    os.system(last)  # bad: command
    (one, two), three = (("ls", request.GET["command"]), "x")
    os.system(one)  # ok: command
    os.system(two)  # bad: command
    os.system(three)  # ok: command
