# What runs when the transaction has ended.
import os
from functools import partial

from django.db import transaction


def run(command):
    os.system(command)  # bad: command


def view(request):
    command = request.GET["command"]
    transaction.on_commit(partial(run, command))
    transaction.on_commit(lambda: os.system(command))  # bad: command
