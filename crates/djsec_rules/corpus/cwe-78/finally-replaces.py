# `finally` gives the name something else whatever happened.
import os


def view(request):
    command = request.GET["command"]
    try:
        print(command)
    finally:
        command = "ls"
    os.system(command)  # ok: command
