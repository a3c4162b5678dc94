# Two names for one list: what goes in through one comes out of the other.
import os


def view(request):
    words = ["ls"]
    same = words
    same.append(request.GET["a"])
    os.system(" ".join(words))  # bad: command
