# Methods that Python calls by itself: for operators, texts, lengths, iteration and membership.
import os


class Command:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return "ls " + self.text

    def __repr__(self):
        return "Command(...)"

    def __add__(self, other):
        return Command(self.text + " " + other)

    def __format__(self, spec):
        return "ls"

    def __len__(self):
        return len(self.text)

    def __iter__(self):
        yield self.text


class Lines:
    def __init__(self, lines):
        self.lines = lines

    def __getitem__(self, at):
        return self.lines[at]

    def __contains__(self, line):
        return line in self.lines


def view(request):
    command = Command(request.GET["folder"])
    os.system(str(command))  # bad: command
    os.system(repr(command))  # ok: command
    os.system("%s" % command)  # bad: command
    os.system(str(Command("/srv") + request.GET["folder"]))  # bad: command
    os.system("echo %d" % len(command))  # ok: command
    for word in command:
        os.system(word)  # bad: command
    os.system(Lines(request.GET.getlist("line"))[0])  # bad: command
    os.system(Lines(["ls"])[0])  # ok: command
