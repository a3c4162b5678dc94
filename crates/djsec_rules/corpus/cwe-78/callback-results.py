# What a function that is given as an argument gives where it is called.
import os
import shlex


class Job:
    def __init__(self, command):
        self.command = command

    def run(self):
        os.system(self.command)  # bad: command


class Quiet:
    def __init__(self, command):
        self.command = command

    def run(self):
        os.system("true")  # ok: command


def changed(text, change):
    return change(text)


def run_changed(text, change):
    os.system("ls " + change(text))  # bad: command


def run_quoted(text, change):
    os.system("ls " + change(text))  # ok: command


def through_two(text, change):
    return changed(text.strip(), change)


def each(values, change):
    return [change(value) for value in values]


def one_after_the_other(text, first, second):
    return second(first(text))


def asked(question):
    os.system(question())  # bad: command


def answered(question):
    os.system(question())  # ok: command


def made(kind, text):
    return kind(text)


def upper(text):
    return text.upper()


def fixed(text):
    return "ls"


def maybe(text, change=None):
    if change:
        text = change(text)
    return text


def view(request):
    folder = request.GET["folder"]
    os.system(changed(folder, upper))  # bad: command
    os.system(changed(folder, shlex.quote))  # ok: command
    os.system(changed(folder, fixed))  # ok: command
    os.system(changed("ls", upper))  # ok: command
    os.system(changed(folder, lambda text: "ls " + text))  # bad: command
    os.system(changed("ls", lambda text: text + folder))  # bad: command
    run_changed(folder, upper)
    run_quoted(folder, shlex.quote)
    os.system(through_two(folder, upper))  # bad: command
    os.system(through_two(folder, shlex.quote))  # ok: command
    os.system(each([folder], upper)[0])  # bad: command
    os.system(each([folder], shlex.quote)[0])  # ok: command
    os.system(one_after_the_other(folder, upper, shlex.quote))  # ok: command
    os.system(one_after_the_other(folder, shlex.quote, upper))  # ok: command
    os.system(one_after_the_other(folder, upper, upper))  # bad: command
    asked(lambda: request.GET["command"])
    answered(lambda: "ls")
    made(Job, folder).run()
    made(Quiet, folder).run()
    os.system(maybe(folder))  # bad: command
    os.system(maybe("ls", upper))  # ok: command
    os.system(maybe(shlex.quote(folder), fixed))  # ok: command
