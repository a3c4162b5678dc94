# Lists keep what is put into them, however.
import os


def view(request):
    words = ["ls"]
    words.append(request.GET["a"])
    os.system(" ".join(words))  # bad: command
    words = ["ls"]
    words.extend(request.GET.getlist("a"))
    os.system(" ".join(words))  # bad: command
    words = ["ls"]
    words.insert(0, request.GET["a"])
    os.system(" ".join(words))  # bad: command
    words = ["ls"]
    words += [request.GET["a"]]
    os.system(" ".join(words))  # bad: command
    words = ["ls"]
    os.system(" ".join(words))  # ok: command
