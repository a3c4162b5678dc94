# Iterators of the standard library give what they are given.
import itertools
import os


def view(request):
    for word in itertools.chain(["ls"], request.GET.getlist("word")):
        os.system(word)  # bad: command
    for word in itertools.islice(request.GET.getlist("word"), 3):
        os.system(word)  # bad: command
