# What objects of the project say of themselves where they are written into texts, and what they add up to.
import os
import shlex


class Raw:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class Quoted:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return shlex.quote(self.text)


class Named:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return "something"


class Formatted:
    def __init__(self, text):
        self.text = text

    def __format__(self, how):
        return shlex.quote(self.text)


def percent(request):
    os.system("ls %s" % Raw(request.GET["a"]))  # bad: command
    os.system("ls %s %s" % (Raw(request.GET["a"]), 1))  # bad: command
    os.system("ls %(a)s" % {"a": Raw(request.GET["a"])})  # bad: command
    os.system("ls %s" % Quoted(request.GET["a"]))  # ok: command
    os.system("ls %s %s" % (Quoted(request.GET["a"]), Named(request.GET["b"])))  # ok: command
    os.system("ls %(a)s" % {"a": Quoted(request.GET["a"])})  # ok: command


def formats(request):
    os.system("ls {}".format(Raw(request.GET["a"])))  # bad: command
    os.system("ls {a}".format(a=Raw(request.GET["a"])))  # bad: command
    os.system("ls {} {a}".format(Quoted(request.GET["a"]), a=Named(request.GET["b"])))  # ok: command
    os.system(f"ls {Raw(request.GET['a'])}")  # bad: command
    os.system(f"ls {Quoted(request.GET['a'])} {Formatted(request.GET['b'])}")  # ok: command


class Line:
    def __init__(self):
        self.parts = []

    def __iadd__(self, other):
        self.parts.append(other)
        return self

    def __str__(self):
        return " ".join(self.parts)


class QuotedLine(Line):
    def __iadd__(self, other):
        self.parts.append(shlex.quote(other))
        return self


class Sum:
    def __init__(self, text):
        self.text = text

    def __add__(self, other):
        return Sum(self.text + other)


def added(request):
    line = Line()
    line += "ls"
    line += request.GET["a"]
    os.system(str(line))  # bad: command
    quoted = QuotedLine()
    quoted += request.GET["a"]
    os.system(str(quoted))  # ok: command
    both = Sum("ls ")
    both += request.GET["a"]
    os.system(both.text)  # bad: command
    other = Sum("ls ")
    other += "-l"
    os.system(other.text)  # ok: command


def inside(request):
    folder = request.GET["a"]
    quoted = shlex.quote(folder)

    class Runner:
        def run(self):
            os.system("ls " + folder)  # bad: command

        def run_quoted(self):
            os.system("ls " + quoted)  # ok: command

    Runner().run()
    Runner().run_quoted()
