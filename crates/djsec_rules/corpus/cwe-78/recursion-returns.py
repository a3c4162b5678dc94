# A function that builds a text by calling itself.
import os


def joined(words):
    if not words:
        return ""
    return words[0] + " " + joined(words[1:])


def view(request):
    os.system(joined(request.GET.getlist("word")))  # bad: command
    os.system(joined(["ls", "-l"]))  # ok: command
