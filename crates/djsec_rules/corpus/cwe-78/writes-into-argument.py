# A helper puts data into the list that it is given.
import os


def fill(words, request):
    words.append(request.GET["folder"])


def view(request):
    words = ["ls"]
    fill(words, request)
    os.system(" ".join(words))  # bad: command
