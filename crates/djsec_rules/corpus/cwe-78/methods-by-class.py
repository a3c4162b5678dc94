# Which method runs in a base is known where the class of the object is.
import os
import shlex


class Tool:
    def line(self, text):
        return "ls " + self.shown(text)

    def shown(self, text):
        return text

    def twice(self, text):
        return self.line(text) + self.line(text)

    @classmethod
    def run(cls, text):
        tool = cls()
        return tool.line(text)

    @classmethod
    def made(cls):
        return cls()


class Quoting(Tool):
    def shown(self, text):
        return shlex.quote(text)


class Noting(Quoting):
    def shown(self, text):
        return text + super().shown(text)


class Plain(Tool):
    pass


TOOL = Quoting()


def made(request):
    os.system(Quoting().line(request.GET["a"]))  # ok: command
    os.system(Quoting().twice(request.GET["a"]))  # ok: command
    os.system(Plain().line(request.GET["a"]))  # bad: command
    os.system(Plain().twice(request.GET["a"]))  # bad: command
    os.system(Noting().line(request.GET["a"]))  # bad: command
    os.system(Tool().line(request.GET["a"]))  # bad: command
    os.system(TOOL.line(request.GET["a"]))  # ok: command


def by_class(request):
    os.system(Quoting.run(request.GET["a"]))  # ok: command
    os.system(Noting.run(request.GET["a"]))  # bad: command
    os.system(Quoting.made().line(request.GET["a"]))  # ok: command
    os.system(Tool.made().line(request.GET["a"]))  # bad: command
    line = Quoting().line
    os.system(line(request.GET["a"]))  # ok: command


def one_of_two(request):
    tool = Quoting()
    if request.GET.get("plain"):
        tool = Plain()
    os.system(tool.line(request.GET["a"]))  # bad: command


def by_annotation(request):
    annotated(Noting(), request.GET["a"])


def annotated(tool: Quoting, text):
    os.system(tool.line(text))  # bad: command


class Job:
    def start(self, text):
        self.do(text)

    def do(self, text):
        raise NotImplementedError


class ShellJob(Job):
    def do(self, text):
        os.system(text)  # bad: command


class IdleJob(Job):
    def do(self, text):
        os.system(text)  # ok: command


class SizeJob(Job):
    def do(self, text):
        self.size = len(text)


def jobs(request):
    ShellJob().start(request.GET["a"])
    SizeJob().start(request.GET["a"])


class Kept:
    def __init__(self, text):
        self.text = self.cleaned(text)

    def cleaned(self, text):
        return text


class KeptQuoted(Kept):
    def cleaned(self, text):
        return shlex.quote(text)


def kept(request):
    os.system(Kept(request.GET["a"]).text)  # bad: command
    os.system(KeptQuoted(request.GET["a"]).text)  # ok: command


class Report:
    @property
    def text(self):
        return self.raw()

    def raw(self):
        return ""

    def full(self):
        return "ls " + self.text


class RawReport(Report):
    def __init__(self, name):
        self.name = name

    def raw(self):
        return self.name


class QuotedReport(Report):
    def __init__(self, name):
        self.name = name

    @property
    def text(self):
        return shlex.quote(self.name)


def reports(request):
    os.system(RawReport(request.GET["a"]).full())  # bad: command
    os.system(QuotedReport(request.GET["a"]).full())  # ok: command


class Build:
    quote = staticmethod(shlex.quote)

    def line(self, text):
        return "ls " + self.quote(text)


class RawBuild(Build):
    quote = staticmethod(str)


def builds(request):
    os.system(RawBuild().line(request.GET["a"]))  # bad: command


class Many:
    def go(self, text):
        self.do(text)

    def do(self, text):
        pass


class One(Many):
    def do(self, text):
        len(text)


class Two(Many):
    def do(self, text):
        len(text)


class Three(Many):
    def do(self, text):
        len(text)


class Four(Many):
    def do(self, text):
        len(text)


class Five(Many):
    def do(self, text):
        len(text)


class Six(Many):
    def do(self, text):
        len(text)


class Seven(Many):
    def do(self, text):
        os.system(text)  # bad: command


def seventh(request):
    Seven().go(request.GET["a"])
