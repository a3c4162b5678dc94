"""Asks Jinja's parser, in the environment `templates`, what it makes of the texts below.

usage: jinja_trees.py [FILE…]

Prints one JSON object a line; the first names the version. `parts` are what stands in the template in order: texts,
and `[line, word, expressions…]` of statements (`print` for `{{ … }}`), each expression written as a list.
"""

import json
import sys
from pathlib import Path

import jinja2
from jinja2 import nodes

CASES = [
    "plain <b>text</b>",
    "{{ a }}{{ a.b }}{{ a.b.c|e }}",
    "{{ a['b'] }}{{ a[0] }}{{ a.0 }}{{ a.0.1 }}{{ a[b] }}{{ a[1:2] }}{{ a[:] }}{{ a[b.c].d }}",
    "{{ 'a' }}{{ \"b\" }}{{ 'a' 'b' }}{{ 'it\\'s' }}{{ 1 }}{{ 1.5 }}{{ 1_000 }}{{ true }}{{ none }}{{ False }}",
    "{{ a|upper }}{{ a|default('x') }}{{ a|default(b, true)|safe }}{{ a|replace('<', b)|e|safe }}{{ a|map(attribute='x')|join(', ') }}",
    "{{ f() }}{{ f(1, b, c=d) }}{{ f(*a, **b) }}{{ a.b(c).d }}{{ a.get('x') }}{{ f(a)|safe }}{{ f(a)(b) }}",
    "{{ a or b }}{{ a and b or c }}{{ not a }}{{ not a and not b }}{{ a or b|safe }}",
    "{{ a if b else c }}{{ a if b }}{{ a if b else c if d else e }}{{ (a if b else c)|safe }}",
    "{{ a ~ b ~ 'c' }}{{ a + b }}{{ a - b * c }}{{ a // b % c }}{{ a ** b }}{{ -a }}{{ -a|abs }}{{ a ~ b + c }}{{ +a.b }}",
    "{{ a == b }}{{ a < b <= c }}{{ a in b }}{{ a not in b }}{{ not a in b }}{{ a != b and c > d }}",
    "{{ a is defined }}{{ a is not none }}{{ a is divisibleby 3 }}{{ a is divisibleby(3) }}{{ a is sameas b.c }}{{ a is defined and b }}",
    "{{ [a, b] }}{{ [] }}{{ (a, b) }}{{ () }}{{ (a,) }}{{ {'a': b, c: 'd'} }}{{ {} }}{{ a, b }}{{ [a, b,] }}",
    "{{ {'a': {'b': c}} }}",
    "{{ '}}' }}{{ \"%}\" }}{% if '%}' == a %}x{% endif %}",
    "{# a {{ b }} {% c %} #}text{#- d -#} more",
    "a {{- b -}} c\n {%- if d -%} e {%- endif -%} f {{+ g }} h",
    "  {%+ if a +%} b {% endif %}",
    "{% raw %}{{ a }}{% if %}{% endraw %}{{ b }}",
    "a {%- raw -%} {{ x }} {%- endraw -%} b",
    "{% if a %}b{% elif c.d %}e{% elif f %}g{% else %}h{% endif %}",
    "{% for a in b %}{{ a }}{% else %}none{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}{{ v }}{{ loop.index }}{% endfor %}",
    "{% for a in b if a.c %}x{% endfor %}{% for a in b recursive %}{{ loop(a) }}{% endfor %}{% for a in b|sort if c %}{% endfor %}",
    "{% for a in [b, c] %}{% for d in a, b %}{{ d }}{% endfor %}{% endfor %}",
    "{% set a = b %}{% set a, c = d, e %}{% set a = b if c else d %}{% set a = b|safe %}{{ a }}",
    "{% set a %}text {{ b }}{% endset %}{% set a | upper %}x{% endset %}",
    "{% block a %}{{ super() }}{% endblock %}{% block b scoped %}x{% endblock b %}{% block c required %}{% endblock %}",
    "{% extends 'a.html' %}{% block a %}x{% endblock %}",
    "{% extends a or 'b.html' %}",
    "{% include 'a.html' %}{% include a %}{% include ['a', b] ignore missing %}{% include 'a' without context %}{% include 'a' ignore missing with context %}",
    "{% import 'a' as b %}{{ b.c(d) }}{% from 'a' import b, c as d %}{{ d(e) }}{% from 'a' import b with context %}",
    "{% macro a(b, c='x', d=e|safe) %}{{ b }}{{ caller() }}{% endmacro %}{{ a(f) }}",
    "{% macro a() -%} x {%- endmacro %}",
    "{% call a(b) %}text{{ c }}{% endcall %}{% call(d) a(b, c=e) %}{{ d }}{% endcall %}",
    "{% filter upper|replace('a', 'b') %}text {{ a }}{% endfilter %}",
    "{% autoescape true %}{{ a }}{% endautoescape %}{% autoescape false %}{{ a }}{% endautoescape %}",
    "{% with a = b, c = d.e %}{{ a }}{% endwith %}{% with %}{% set a = 1 %}{% endwith %}",
    "{% do a.append(b) %}{% for a in b %}{% if a %}{% break %}{% endif %}{% continue %}{% endfor %}",
    "line\n{{ a }}\n\n{% if b %}\n{{ c\n   .d }}{% endif %}\n{{ e }}",
    "<a href={{ url('a', b=c) }} class='{{ d|tojson }}'>{{ csrf_input }}</a>",
    "{{ a['b c'] }}{{ a[-1] }}{{ a.b[0].c['d'] }}{{ 'a'.join(b) }}{{ 'a %s' % b }}{{ 'a %s'|format(b) }}",
    "{ {a} } {a} {% if a %}{ %{% endif %}}} %} #}",
    "{{ a\n}}{{\nb }}",
    "{{ a.b is not divisibleby c.d }}{{ a is in [b, c] }}{{ a is string or b is number }}{{ a|length > 1 }}",
    "é{{ ä }}ü{{ 'ö' }}",
    "{{ a if b is defined and c not in d else e ~ f|upper }}",
    "{{ ((a)) }}{{ (a or b).c }}{{ (a|first).b }}{{ a|first.b }}",
    "{{ a == 'x' and 'y' or 'z' }}",
]

WORDS = {
    nodes.For: "for", nodes.Assign: "set", nodes.AssignBlock: "set", nodes.Block: "block",
    nodes.Extends: "extends", nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "from",
    nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter", nodes.With: "with",
    nodes.ScopedEvalContextModifier: "autoescape", nodes.ExprStmt: "do", nodes.Break: "break",
    nodes.Continue: "continue",
}


def given(node):
    named = [["=" + pair.key, dump(pair.value)] for pair in node.kwargs]
    spread = [["*", dump(one)] for one in (node.dyn_args, node.dyn_kwargs) if one is not None]
    return [dump(one) for one in node.args] + named + spread


def dump(node):
    kind = type(node).__name__
    match node:
        case nodes.Name():
            return node.name
        case nodes.Const(value=str(text)):
            return ["text", text]
        case nodes.Const(value=bool() | None):
            return ["constant"]
        case nodes.Const():
            return ["number"]
        case nodes.TemplateData():
            return ["text", node.data]
        case nodes.Getattr():
            return [".", dump(node.node), node.attr]
        case nodes.Getitem(arg=nodes.Slice() | nodes.Tuple()):
            return ["slice", dump(node.node)]
        case nodes.Getitem():
            return ["item", dump(node.node), dump(node.arg)]
        case nodes.Call():
            return ["call", dump(node.node), *given(node)]
        case nodes.Filter():
            return ["|", dump(node.node) if node.node is not None else [], node.name, *given(node)]
        case nodes.Test():
            return ["is", dump(node.node), node.name, *given(node)]
        case nodes.UnaryExpr():
            return [kind, dump(node.node)]
        case nodes.BinExpr():
            return [kind, dump(node.left), dump(node.right)]
        case nodes.Concat():
            return [kind, *map(dump, node.nodes)]
        case nodes.Compare():
            return [kind, dump(node.expr), *([one.op, dump(one.expr)] for one in node.ops)]
        case nodes.CondExpr():
            other = [] if node.expr2 is None else [dump(node.expr2)]
            return [kind, dump(node.expr1), dump(node.test), *other]
        case nodes.List() | nodes.Tuple():
            return [kind, *map(dump, node.items)]
        case nodes.Dict():
            return [kind, *([dump(pair.key), dump(pair.value)] for pair in node.items)]
    raise TypeError(kind)


def line(node):
    return min([node.lineno, *(inner.lineno for inner in node.find_all(nodes.Node) if inner.lineno)])


def parts(body):
    for node in body:
        match node:
            case nodes.Output():
                for one in node.nodes:
                    if isinstance(one, nodes.TemplateData):
                        yield one.data
                    else:
                        yield [line(one), "print", dump(one)]
                continue
            case nodes.If():
                yield [node.lineno, "if", dump(node.test)]
                yield from parts(node.body)
                for other in node.elif_:
                    yield [other.lineno, "elif", dump(other.test)]
                    yield from parts(other.body)
                yield from parts(node.else_)
                continue
            case nodes.For():
                yield [node.lineno, "for", dump(node.iter)]
            case nodes.Assign():
                yield [node.lineno, "set", dump(node.node)]
            case nodes.Extends() | nodes.Include():
                yield [node.lineno, WORDS[type(node)], dump(node.template)]
            case nodes.ScopedEvalContextModifier():
                yield [node.lineno, "autoescape"]
            case nodes.Scope():
                # Around `autoescape`.
                yield from parts(node.body)
                continue
            case _:
                yield [node.lineno, WORDS[type(node)]]
        yield from parts(getattr(node, "body", []))
        yield from parts(getattr(node, "else_", []))


def joined(all_parts):
    texts = []
    for part in all_parts:
        if isinstance(part, str) and texts and isinstance(texts[-1], str):
            texts[-1] += part
        elif part != "":
            texts.append(part)
    return texts


def main():
    print(json.dumps({"jinja2": jinja2.__version__}))
    extensions = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]
    environment = jinja2.Environment(keep_trailing_newline=True, extensions=extensions)
    # Templates of others are compared, and not kept; those that use extensions are left out.
    for text in [Path(file).read_text() for file in sys.argv[1:]] or CASES:
        try:
            found = joined(parts(environment.parse(text).body))
        except jinja2.TemplateSyntaxError:
            continue
        print(json.dumps({"text": text, "parts": found}, ensure_ascii=False))


main()
