# What queues, chains, groups and records of `collections` and `itertools` hold and give.
import csv
import io
import itertools
import operator
import os
import queue
import re
import shlex
import string
from collections import ChainMap, OrderedDict, deque, namedtuple
from functools import reduce

WAITING = queue.Queue()


def queues(request):
    own = queue.Queue()
    own.put(request.GET["a"])
    os.system(own.get())  # bad: command
    ends = deque([request.GET["a"]])
    os.system(ends.popleft())  # bad: command
    fixed = deque(["ls"])
    os.system(fixed.popleft())  # ok: command
    WAITING.put(request.GET["a"])


def works():
    while True:
        os.system(WAITING.get())  # bad: command


def mappings(request):
    first = ChainMap({"a": request.GET["a"]}, {"b": "ls"})
    os.system(first["a"])  # bad: command
    os.system(first["b"])  # ok: command
    hidden = ChainMap({"a": "ls"}, {"a": request.GET["a"]})
    os.system(hidden["a"])  # ok: command
    pairs = OrderedDict([("a", request.GET["a"]), ("b", "ls")])
    os.system(pairs["a"])  # bad: command
    os.system(pairs["b"])  # ok: command
    plain = dict([("a", request.GET["a"]), ("b", "ls")])
    os.system(plain["a"])  # bad: command
    os.system(plain["b"])  # ok: command


def records(request):
    Point = namedtuple("Point", "left right")
    point = Point(request.GET["a"], "ls")
    os.system(point.left)  # bad: command
    os.system(point.right)  # ok: command
    left, right = point
    os.system(left)  # bad: command
    os.system(right)  # ok: command


def chains(request):
    sent = request.GET.getlist("a")
    os.system(" ".join(itertools.chain(["ls"], sent)))  # bad: command
    os.system(" ".join(itertools.chain.from_iterable([["ls"], sent])))  # bad: command
    os.system(" ".join(itertools.islice(sent, 3)))  # bad: command
    os.system(" ".join(itertools.accumulate(sent)))  # bad: command
    for one, other in itertools.zip_longest(sent, ["ls"]):
        os.system(one)  # bad: command
        os.system(other)  # ok: command
    for key, group in itertools.groupby(sent, key=len):
        os.system(str(key))  # ok: command
        os.system(" ".join(group))  # bad: command


def functions(request):
    sent = request.GET.getlist("a")
    os.system(" ".join(map(str.upper, sent)))  # bad: command
    os.system(reduce(operator.add, sent))  # bad: command
    os.system(reduce(operator.add, ["ls", "-l"], "x"))  # ok: command
    os.system(string.Template("ls $a").substitute(a=request.GET["a"]))  # bad: command
    os.system(string.Template("ls $a").substitute(a=shlex.quote(request.GET["a"])))  # ok: command


def replaced(request):
    os.system(re.sub("x", lambda found: request.GET["a"], "ls x"))  # bad: command
    os.system(re.sub("x", lambda found: "y", "ls x"))  # ok: command
    os.system(re.compile("x").sub(lambda found: request.GET["a"], "ls x"))  # bad: command


def printed(request):
    out = io.StringIO()
    print("ls", request.GET["a"], file=out)
    os.system(out.getvalue())  # bad: command
    fixed = io.StringIO()
    print("ls", file=fixed)
    os.system(fixed.getvalue())  # ok: command


def tables(request):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ls", shlex.quote(request.GET["a"])])  # bad: spreadsheet
    os.system(out.getvalue())  # ok: command
    writer.writerow(["ls", request.GET["a"]])  # bad: spreadsheet
    os.system(out.getvalue())  # bad: command
    other = io.StringIO()
    named = csv.DictWriter(other, ["a"])
    named.writerow({"a": request.GET["a"]})  # bad: spreadsheet
    os.system(other.getvalue())  # bad: command
    fixed = io.StringIO()
    csv.writer(fixed).writerow(["ls"])
    os.system(fixed.getvalue())  # ok: command


def matched(request):
    match (request.GET["a"], 1):
        case (text, number):
            os.system(text)  # bad: command
            os.system(str(number))  # ok: command
