# Functions that share a name of the function around them: what one puts there another finds, and no others.
import os


def box():
    kept = []

    def put(text):
        kept.append(text)

    def all_of():
        return kept

    return put, all_of


def table():
    held = {}
    count = 0

    def put(key, text):
        nonlocal count
        held[key] = text
        count = count + 1

    def get(key):
        return held.get(key)

    return {"put": put, "get": get, "count": lambda: count}


def latest():
    text = "ls"

    def put(other):
        nonlocal text
        text = other

    def run():
        os.system(text)  # bad: command

    return put, run


def fixed():
    text = "ls"

    def put(other):
        nonlocal text
        text = "du" if other else "ls"

    def run():
        os.system(text)  # ok: command

    return put, run


def local(request):
    words = ["ls"]
    sizes = []

    def add(word):
        words.append(word)
        sizes.append(len(word))

    add(request.GET["word"])
    os.system(" ".join(words))  # bad: command
    os.system("head -c %s" % sizes[0])  # ok: command


def own(request):
    words = ["ls"]

    def add(word):
        words = []
        words.append(word)

    add(request.GET["word"])
    os.system(" ".join(words))  # ok: command


def each(values, action):
    for value in values:
        action(value)


def handed_on(request):
    words, others = [], []

    def add(word):
        words.append(word)

    def count(word):
        others.append(len(word))

    each(request.GET.getlist("word"), add)
    each(request.GET.getlist("word"), count)
    os.system(" ".join(words))  # bad: command
    os.system("head -c %s" % others[0])  # ok: command


def apart(request):
    put, all_of = box()
    put_other, all_of_other = box()
    put(request.GET["word"])
    put_other("ls")
    os.system(" ".join(all_of()))  # bad: command
    os.system(" ".join(all_of_other()))  # ok: command


def under_keys(request):
    made, other = table(), table()
    made["put"]("folder", request.GET["folder"])
    other["put"]("folder", "/srv")
    os.system("ls " + made["get"]("folder"))  # bad: command
    os.system("ls " + other["get"]("folder"))  # ok: command
    os.system("head -c %d" % made["count"]())  # ok: command


def changed(request):
    put, run = latest()
    put(request.GET["command"])
    run()
    put, run = fixed()
    put(request.GET["command"])
    run()
