"""What libraries of tags register: how far each tag reaches, and how many arguments each filter takes.

A tag's reach is found by asking it: its compile function is called with a parser that only notes until
which tags it is told to read. What answers in no way that is known here is left out.
"""

import inspect
import sys

from django.template import engines
from django.template.base import Origin, Parser, Token, TokenType

# Arguments that the tags of the packages are tried with.
WORDS = [
    "", "a", "a b", "a b c", "'a'", "'a' b=c", "a as b", "as b", "for a as b", "a in b", "a=b", "on", "a by b as c",
    "a b c d", "a from b", "'a' with b=c", "openblock", "js", "css inline", "a width-10", "a fill-1x1 as b", "10 as b",
]
# These read tokens themselves.
TRANSLATIONS = {name: ("tag", [f"end{name}", "plural"]) for name in ("blocktrans", "blocktranslate")}


class Asked(Exception):
    """What a tag wants to be read until."""


class Inquirer(Parser):
    # What `resetcycle` asks for.
    _last_cycle_node = None

    def parse(self, parse_until=None):
        raise Asked("tag", list(parse_until or []))

    def skip_past(self, endtag):
        raise Asked("raw", [endtag])

    def find_filter(self, filter_name):
        return lambda value, argument=None: value


def reach(name, compile_function):
    """The words after the name in a line of the data, and their kind; None where nothing is known."""
    answers = []
    for words in WORDS:
        parser = Inquirer([], origin=Origin("a", template_name="a"))
        token = Token(TokenType.BLOCK, f"{name} {words}".strip(), (0, 1), 1)
        try:
            compile_function(parser, token)
        except Asked as asked:
            answers.append(asked.args)
        except Exception:
            continue
        else:
            answers.append(("tag", []))
    blocks = [answer for answer in answers if answer[1]]
    if blocks:
        kind, until = blocks[0]
        # A block that may have several ends names the last; the others divide it.
        return kind, [until[-1], *until[:-1]]
    return ("tag", []) if answers else None


def arity(function):
    """The least and the greatest number of arguments, as FilterExpression.args_check counts them."""
    arguments = inspect.getfullargspec(inspect.unwrap(function))
    most = len(arguments.args)
    return most - len(arguments.defaults or []), most


def lines(prefix, library):
    for name, function in sorted(library.tags.items()):
        found = TRANSLATIONS.get(name) or reach(name, function)
        if found is None:
            print(f"left out: {prefix} {name}", file=sys.stderr)
        else:
            yield " ".join([prefix, found[0], name, *found[1]])
    for name, function in sorted(library.filters.items()):
        least, most = arity(function)
        yield f"{prefix} filter {name} {least} {most}"


def engine():
    return engines["django"].engine


def of_django():
    for library in engine().template_builtins:
        yield from lines("builtins", library)
    for name, module in sorted(engine().libraries.items()):
        if module.startswith("django."):
            yield from lines(name, engine().template_libraries[name])


def of_packages():
    for name, module in sorted(engine().libraries.items()):
        if not module.startswith("django."):
            package = module.partition(".")[0]
            yield from lines(f"{package}:{name}", engine().template_libraries[name])
