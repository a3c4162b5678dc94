# What a method puts into a list or a table that its object holds, the object carries to its other methods.
import os

from django.views import View


class Line:
    def __init__(self, program):
        self.words = [program]
        self.options = {}

    def add(self, word):
        self.words.append(word)
        return self

    def limit(self, depth, folder):
        self.options["depth"] = depth
        self.options["path"] = folder

    def text(self):
        return " ".join(self.words)

    def run(self):
        os.system(self.text())  # bad: command

    def run_options(self):
        os.system("ls " + self.options["path"])  # bad: command

    def run_other(self):
        os.system("ls " + self.options["depth"])  # ok: command


class Fixed(Line):
    def run_fixed(self):
        os.system(self.text())  # ok: command


class Job:
    def __init__(self):
        self.line = Line("ls")

    def look(self, folder):
        self.line.add("-l").add(folder)

    def look_under(self, folder):
        self.line.words.append(folder)

    def start(self):
        os.system(self.line.text())  # bad: command


def fill(line, word):
    line.add(word)


def fluent(request):
    Line("ls").add("-l").add(request.GET["folder"]).run()


def stated(request):
    line = Line("ls")
    line.limit("1", request.GET["folder"])
    line.run_options()
    line.run_other()


def through_function(request):
    line = Line("ls")
    fill(line, request.GET["folder"])
    line.run()


def nested(request):
    job = Job()
    job.look_under(request.GET["folder"])
    job.start()


def other_object(request):
    Line("ls").add(request.GET["folder"])
    fixed = Fixed("ls")
    fixed.add("-l")
    fixed.run_fixed()


class Folders(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.asked = []
        self.shown = []

    def read(self):
        self.asked.append(self.request.GET["folder"])
        self.shown.append("tmp")

    def get(self, request):
        self.read()
        for folder in self.asked:
            os.system("ls " + folder)  # bad: command
        for folder in self.shown:
            os.system("ls " + folder)  # ok: command
