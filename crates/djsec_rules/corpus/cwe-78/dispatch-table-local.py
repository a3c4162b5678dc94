# A table of functions and lambdas in a function, asked with `get`.
import os


def listing(folder):
    os.system("ls " + folder)  # bad: command


def nothing(folder):
    return None


def view(request):
    actions = {"list": listing, "none": nothing}
    action = actions.get(request.GET["action"], nothing)
    action(request.GET["folder"])
    chosen = listing if request.user.is_staff else nothing
    chosen("fixed")
