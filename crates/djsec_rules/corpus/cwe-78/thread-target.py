# A thread runs its target with the arguments it is given.
import os
import threading


def run(command):
    os.system(command)  # bad: command


def view(request):
    threading.Thread(target=run, args=(request.GET["command"],)).start()
