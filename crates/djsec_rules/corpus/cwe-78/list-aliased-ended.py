# A name that stands for another list is no second name of the first.
import os


def view(request):
    words = ["ls"]
    same = words
    same = []
    same.append(request.GET["a"])
    os.system(" ".join(words))  # ok: command


def copied(request):
    words = ["ls"]
    other = list(words)
    other.append(request.GET["a"])
    os.system(" ".join(words))  # ok: command


def both(request):
    first = second = []
    first.append(request.GET["a"])
    os.system(" ".join(second))  # bad: command


def in_dict(request):
    options = {}
    same = options
    same["folder"] = request.GET["folder"]
    os.system("ls " + options["folder"])  # bad: command


def texts(request):
    word = "ls"
    same = word
    same += request.GET["a"]
    os.system(word)  # ok: command
