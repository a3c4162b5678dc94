# What sets have in common with constants, and what they do not.
import os

ALLOWED = frozenset(["ls", "du"])


def view(request):
    asked = set(request.GET.getlist("a"))
    os.system(" ".join(asked & ALLOWED))  # ok: command
    os.system(" ".join(asked.intersection(ALLOWED)))  # ok: command
    os.system(" ".join(ALLOWED.intersection(asked)))  # ok: command
    os.system(" ".join(asked - ALLOWED))  # bad: command
    os.system(" ".join(asked.difference(ALLOWED)))  # bad: command
    os.system(" ".join(ALLOWED - asked))  # ok: command
    os.system(" ".join(asked & {request.GET["b"]}))  # bad: command
    os.system(" ".join({word.lower() for word in asked}))  # bad: command
    asked &= ALLOWED
    os.system(" ".join(asked))  # ok: command
