# A name of another module that a function there gives something else.
import os

from shop import state


def view(request):
    state.keep(request)
    os.system(state.COMMAND)  # bad: command
    os.system(state.FIXED)  # ok: command
# --- state.py
COMMAND = "ls"
FIXED = "ls"


def keep(request):
    global COMMAND, FIXED
    COMMAND = request.GET["command"]
    FIXED = "du"
