# `enumerate` gives harmless numbers beside the data, `zip` pairs.
import os


def view(request):
    for number, folder in enumerate(request.GET.getlist("folder")):
        os.system(f"ls {number}")  # ok: command
        os.system(f"ls {folder}")  # bad: command
    for label, folder in zip(["a", "b"], request.GET.getlist("folder")):
        os.system(f"ls {folder}")  # bad: command
        os.system(f"ls {label}")  # ok: command
