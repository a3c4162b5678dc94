# Lists and tables that stand in a class: what one instance puts there, all others find.
import os


class Queue:
    items = []
    fixed = ["ls"]

    def put(self, item):
        self.items.append(item)
        self.fixed.append("du")

    def run(self):
        os.system(self.items[0])  # bad: command
        os.system(self.fixed[0])  # ok: command


class Later(Queue):
    def run_last(self):
        os.system(self.items[-1])  # bad: command


class Own:
    items = []

    def __init__(self):
        self.items = []

    def put(self, item):
        self.items.append(item)

    def run(self):
        os.system(self.items[0])  # ok: command


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


class Names:
    known = ["ls", "du"]

    def learn(self, name):
        self.known.append(name)

    def run(self):
        for name in self.known:
            os.system(name)  # bad: command


def view(request):
    Queue().put(request.GET["part"])
    Table.put("a", request.GET["part"])
    Own().put(request.GET["part"])
    Names().learn(request.GET["part"])


def others(request):
    Queue().run()
    Later().run_last()
    Table.run("a")
    Own().run()
    Names().run()
