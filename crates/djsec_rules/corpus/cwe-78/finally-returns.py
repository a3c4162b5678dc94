# What `finally` returns is what the function returns, whatever was returned before.
import os


def overridden(request):
    try:
        return request.GET["command"]
    finally:
        return "ls"


def kept(request):
    try:
        return request.GET["command"]
    finally:
        print("done")


def after_else(request):
    try:
        command = request.GET["command"]
    except KeyError:
        command = "ls"
    else:
        command = "ls " + str(len(command))
    finally:
        print("done")
    return command


def view(request):
    os.system(overridden(request))  # ok: command
    os.system(kept(request))  # bad: command
    os.system(after_else(request))  # ok: command
