# A base puts each class that is derived from it into a table or a list of its own.
import os
import shlex


class Tool:
    tools = {}

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Tool.tools[cls.name] = cls


class Shell(Tool):
    name = "shell"

    def run(self, text):
        os.system(text)  # bad: command


class Quoted(Tool):
    name = "quoted"

    def run(self, text):
        os.system("ls " + shlex.quote(text))  # ok: command


def tool(request):
    Tool.tools[request.GET["tool"]]().run(request.GET["a"])


class Step:
    steps = []

    def __init_subclass__(cls, **options):
        cls.steps.append(cls)


class First(Step):
    def run(self, text):
        return text


class Second(Step):
    def run(self, text):
        os.system(text)  # bad: command


def steps(request):
    for step in Step.steps:
        step().run(request.GET["a"])


class Keyed:
    registry = {}

    def __init_subclass__(cls, key=None, **options):
        cls.registry[key] = cls

    @classmethod
    def build(cls, key):
        return cls.registry[key]()


class One(Keyed, key="one"):
    def run(self, text):
        os.system(text)  # bad: command


def keyed(request):
    Keyed.build("one").run(request.GET["a"])


class Counted:
    known = []

    def __init_subclass__(cls, **options):
        cls.known.append(cls.__name__)


class Never(Counted):
    def run(self, text):
        os.system(text)  # ok: command


def counted(request):
    for one in Counted.known:
        one().run(request.GET["a"])
