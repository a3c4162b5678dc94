# Things that are made to be found again: queues, variables of a context, locals of a thread.
import contextvars
import os
import queue
import threading

CURRENT = contextvars.ContextVar("command")
FIXED = contextvars.ContextVar("fixed", default="ls")
LOCAL = threading.local()


def work():
    os.system(CURRENT.get())  # bad: command
    os.system(FIXED.get())  # ok: command
    os.system(LOCAL.command)  # bad: command


def view(request):
    CURRENT.set(request.GET["command"])
    LOCAL.command = request.GET["command"]
    work()
    jobs = queue.Queue()
    jobs.put(request.GET["command"])
    os.system(jobs.get())  # bad: command
    others = queue.Queue()
    others.put("ls")
    os.system(others.get())  # ok: command
