# An object makes another one of its own class: `type(self)`, `self.__class__`.
import os


class Step:
    program = "true"

    def __init__(self, value=""):
        self.value = value

    def again(self, value):
        return type(self)(value)

    def once_more(self, value):
        return self.__class__(value)

    def run(self):
        os.system("true")


class Listing(Step):
    def run(self):
        os.system("ls " + self.value)  # bad: command


class Counting(Step):
    def run(self):
        os.system("wc -l")  # ok: command


def view(request):
    Listing().again(request.GET["folder"]).run()


def other(request):
    Listing().once_more(request.GET["other"]).run()


def counted(request):
    Counting().again(request.GET["folder"]).run()
