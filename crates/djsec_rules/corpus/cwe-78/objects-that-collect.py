# What methods and functions put into the lists and tables of an object, or of a class.
import os


class Job:
    def __init__(self, first):
        self.parts = [first]
        self.sizes = []
        self.named = {}

    def add(self, part):
        self.parts.append(part)
        self.sizes.append(len(part))

    def name(self, key, part):
        self.named[key] = part

    def run(self):
        os.system(" ".join(self.parts))  # bad: command

    def run_first(self):
        os.system(self.parts[0])  # ok: command

    def run_size(self):
        os.system("head -c %d" % self.sizes[0])  # ok: command

    def run_named(self):
        os.system(self.named["folder"])  # bad: command


class Other(Job):
    def add(self, part):
        self.parts.append("ls")


class Queue:
    items = []
    fixed = ["ls"]

    def put(self, item):
        self.items.append(item)
        self.fixed.append("du")

    def run(self):
        os.system(self.items[0])  # bad: command
        os.system(self.fixed[0])  # ok: command


class Own:
    items = []

    def __init__(self):
        self.items = []

    def put(self, item):
        self.items.append(item)

    def last(self):
        return self.items[-1]


class Table:
    rows = {}
    sizes = {}

    @classmethod
    def put(cls, key, row):
        cls.rows[key] = row
        cls.sizes[key] = len(row)

    @classmethod
    def run(cls, key):
        os.system(cls.rows[key])  # bad: command
        os.system("head -c %s" % cls.sizes[key])  # ok: command


class Batch:
    def __init__(self):
        self.job = Job("ls")

    def add(self, part):
        self.job.add(part)

    def run(self):
        os.system(self.job.parts[-1])  # bad: command


def add_to(job, part):
    job.parts.append(part)


def view(request):
    job = Job("ls")
    job.add(request.GET["part"])
    job.name("folder", request.GET["folder"])
    job.run()
    job.run_first()
    job.run_size()
    job.run_named()
    Queue().put(request.GET["part"])
    Table.put("a", request.GET["part"])
    batch = Batch()
    batch.add(request.GET["part"])
    batch.run()


def apart(request):
    full, empty = Own(), Own()
    full.put(request.GET["part"])
    empty.put("ls")
    os.system(full.last())  # bad: command
    os.system(empty.last())  # ok: command
    job = Job("ls")
    add_to(job, request.GET["part"])
    os.system(job.parts[1])  # bad: command
    os.system(job.parts[0])  # ok: command


def others():
    Queue().run()
    Table.run("a")
