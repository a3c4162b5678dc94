# A function that comes from one of two places.
import os

try:
    from shop.fast import run
except ImportError:
    from shop.slow import run


def view(request):
    run(request.GET["command"])
    os.getcwd()
# --- fast.py
import os


def run(command):
    os.system(command)  # bad: command
# --- slow.py
def run(command):
    return len(command)
