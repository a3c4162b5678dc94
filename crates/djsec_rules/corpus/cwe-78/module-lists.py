# Lists and tables at the top of a module, which some functions fill and others read.
import os
from collections import defaultdict, deque

from shop import state

WAITING = []
BY_NAME = {}
SIZES = []
RECENT = deque(maxlen=10)
GROUPS = defaultdict(list)
FIXED = ["ls", "du"]
SEEN = set()
ALLOWED = {"ls", "du"}


def remember(text):
    WAITING.append(text)
    SIZES.append(len(text))


def keep(request):
    remember(request.GET["command"])
    BY_NAME["folder"] = request.GET["folder"]
    BY_NAME["size"] = len(request.GET["folder"])
    RECENT.appendleft(request.GET["command"])
    GROUPS["all"].append(request.GET["command"])
    FIXED.append("df")
    SEEN.add(request.GET["command"])
    state.put(request.GET["command"])
    state.NAMES.extend(request.GET.getlist("name"))


def local(request):
    WAITING = []
    WAITING.append("ls")
    os.system(WAITING[0])  # ok: command


def view(request):
    os.system(WAITING[0])  # bad: command
    os.system("head -c %s" % SIZES[0])  # ok: command
    os.system("ls " + BY_NAME["folder"])  # bad: command
    os.system("head -c %s" % BY_NAME["size"])  # ok: command
    os.system(RECENT.pop())  # bad: command
    os.system(FIXED[-1])  # ok: command
    for command in state.JOBS:
        os.system(command)  # bad: command
    os.system("ls " + state.NAMES[0])  # bad: command
    os.system(state.taken())  # bad: command


def checked(request):
    command = request.GET["command"]
    if command in ALLOWED:
        os.system(command)  # ok: command
    if command in SEEN:
        os.system(command)  # bad: command
# --- state.py
JOBS = []
NAMES = []


def put(job):
    JOBS.append(job)


def taken():
    return JOBS.pop()
