"""Small templates that ask Django's parser about each of its tags: right and wrong words, and where they stand."""

import random
import re

# Expressions: right ones, and ones that are refused in each way.
EXPRESSIONS = [
    "a", "a.b", "a.b.0", "a.0", "0", "1", "-1", "+1", "1.5", "-1.5e3", "1e5", "1E-5", ".5", "2.", "1_000", "1__0", "1_", "_1", "1.5.2",
    "e", "1e", "e5", "inf", "nan", "-inf", "1.e5", "infinite", "٣", "1٣", "²", "1²", "ünï", "名前.前", "a़b", "a‌b", "'x'", '"x"',
    "''", '""', "'x", "x'", "'x\"", r"'it\'s'", r'"a \"b\" c"', r"'\\'", r"'\'", r"'a\nb'", "_('x')", '_("x")', "_('x'", "_( 'x')", "_(x)",
    "_", "_a", "a._b", "a.__class__", "a-b", "a+b", "a.-b", "-a", "+", "-", ".", "..", "a.", ".a", "a..b", "a b", "a  b", "a,b", "a:b",
    "a|", "|a", "|lower", "a||lower", "a|lower", "a |lower", "a| lower", "a | lower", "a\t|\tlower", "a|lower|upper", "a|lower |upper",
    "a|lower||upper", "a|lower x|upper", "a|lower|", "a|lower:", "a|lower:b", "a|default:b", "a|default:'b'", "a|default:\"b|c\"",
    "a|default:_('b')", "a|default:1", "a|default:-1", "a|default:b.c", "a|default:_b", "a|default:b._c", "a|default: b", "a|default :b",
    "a|default:b:c", "a|default:b c", "a|default:'b'c", "a|default:''", "a|default", "a|date", "a|date:'Y'", "a|nope", "a|nope:b", "a|nope:_b",
    "a|lower|nope|_x", "a|default:b|nope", "a|first|last:'x'", "a|linenumbers:1", "a|join:','", "a|join", "'x'|lower", "1|add:2", "a.b|lower.x",
    "a|lower-x", "a|1", "a|lower()", "a()", "a[0]", "a['b']", "{a}", "{ a }", "a }", "a=b", "a == b", "not a", "a and b", "%", "a%b", "#", "\\", "a\\",
    "a|default:'it\\'s'", "a|cut:\" \"", "a|cut:' '|lower", "a|slice:\":2\"", "a|slice::2", "a|yesno:\"a,b,c\"", "a|escapejs", "a|safe|escape",
    "a|truncatewords_html:3", "a|floatformat:\"-2\"", "a|floatformat:-2", "a|floatformat:+2", "a|pluralize:\"y,ies\"", "a|json_script:\"x\"",
    "a|json_script", "a|default:1e5", "a|default:1.", "a|default:.", "a|default:+", "a|default:a-b", "True", "None", "False.x", "a|default:None",
    # Python refuses to convert more digits than 4300: then it is a name.
    "9" * 4300, "9" * 4301, "-" + "9" * 4301,
]

# Words of each tag that is simple.
SIMPLE = {
    "csrf_token": ["", "x"],
    "cycle": [
        "", "a", "a b", "'a' 'b' c", "a,b", "a b as x", "a b as x silent", "a b as x loud", "a as x", "a b as", "as x y", "a as x silent", "a b c as x",
        "a b as x silent y", "_a b", "a b|nope", "a|lower b|default:c", "as as as as",
    ],
    "debug": ["", "x"],
    "firstof": ["", "a", "a b", "a b as x", "as x", "a as", "a as x y", "a 'x' 1|add:2", "a _b", "'x' as y", "a as x|lower"],
    "include": [
        "", "'a'", "a", '"a.html"', "a b", "'a' only", "'a' with", "'a' with x", "'a' with x=1", "'a' with x=1 y=a|lower only", "'a' only with x=1",
        "'a' with only", "'a' only only", "'a' with x=1 with y=2", "'a' with x=1 x=2", "'a' with x=", "'a' with x=_y", "'a' with 'x'=1", "a|default:'x'",
        "'a' with x = 1", "'a' with x=1 only y", "'./a'", "'../a'", "'../../a'", "'./page.html'", "./a", "\"./a\"|lower", "'a' with x-y=1", "'.//a/../b'",
        "'a' with x='b c' y=_('d  e')", "a.b|add:'x'", "_a",
    ],
    "load": ["", "i18n", "i18n l10n", "nope", "i18n nope", "trans from i18n", "nope from i18n", "from i18n", "trans from nope", "trans localize from i18n", "from"],
    "lorem": ["", "3", "3 w", "3 w random", "random", "w", "3 p random x", "a|add:1", "3 x", "x y z", "w random", "random w", "_a"],
    "now": ["", "'Y'", '"Y" as x', "Y", "'Y' x", "'Y' as", "'Y' as x y", "\"D d M\"", "''", "a b c"],
    "querystring": ["", "a", "a=1", "a b=1", "b=1 a", "a=1 a=2", "a b c=d|lower as x", "as x", "a=_b", "a=None b=x.y", "'x' _y", "a="],
    "csp_nonce_attr": ["", "a", "a b", "media=a", "x=a", "media=a media=b", "a media=b", "as x", "a as x"],
    "regroup": [
        "", "a by b as c", "a|lower by b.c as d", "a by b", "a in b as c", "a by b in c", "a by b as c d", "_a by b as c", "a by _b as c", "a by b|lower as c",
        "a by b as _c", "a by 'b' as c", "'a' by b as 1",
    ],
    "resetcycle": ["", "a", "a b"],
    "templatetag": ["", "openblock", "closecomment", "nope", "openblock x", "'openblock'"],
    "url": [
        "", "'a'", "a", "'a' b", "'a' b c", "'a' b=c", "'a' b=c d as x", "'a' as x", "'a' as", "as x", "'a' as x y", "'a' b=c|lower e='f g'", "'a' b=", "'a' =b",
        "'a' b,c", "_a", "'a' _b", "'a' b=_c", "a.b.c", "a:b", "'a:b' 1 -2", "'a' 'b'=c", "'a' b=c b=d", "'a' as as x",
    ],
    "widthratio": ["", "a b c", "a b", "a b c d", "a b c as x", "a b c in x", "a b c as x y", "_a b c", "a _b _c", "1 2|add:3 '4'"],
    "partial": ["", "a", "a b", "'a'", "a.b"],
    "nope": ["", "a b"],
    "else": ["", "x"], "elif": ["a"], "endif": [""], "endfor": [""], "empty": [""], "endblock": ["", "a"], "plural": [""], "endcomment": [""],
    "endverbatim": [""], "endnope": [""],
}

# Words of each block, and how it goes on.
BLOCKS = {
    "autoescape": (["", "on", "off", "x", "on off", "'on'"], "x{{ a }}"),
    "block": (["", "a", "a b", "'a'", "1", "a-b.c"], "x"),
    "comment": (["", "x y", "'"], "{{ }}{% if %}x"),
    "filter": ([
        "", "lower", "lower|upper", "lower | upper", "safe", "escape", "force_escape|cut:'x y'", "nope", "lower:", "default", "default:a", "a b", "|lower", "'x'",
        "lower|safe", "upper|escape:1", "truncatewords:3|safe",
    ], "x"),
    "for": ([
        "", "a", "a in", "a in b", "a,c in b", "a, c in b", "a ,c in b", "a , c in b", "a c in b", "a,,c in b", ",a in b", "a, in b", "a in b reversed",
        "a in b.c|dictsort:'d'", "a of b", "a in b c", "a in reversed", "in reversed", "in in b", "a|b in c", "'a' in b", "a.b in c", "a in _b", "a in b|nope",
        "a in 'b c'", "a,c,d in b.items reversed", "in b reversed", "a in b reversed reversed", "x in 5",
    ], "{{ a }}"),
    "if": ([
        "", "a", "not a", "a and b", "a or b", "a and b or c", "a or b and c", "not a and not b", "not not a", "a == b", "a != 'b c'", "a < b", "a <= 1", "a > b",
        "a >= b", "a = b", "a in b", "a not in b", "a is b", "a is not b", "not a in b", "not a == b", "a == b == c", "a in b in c", "a in b == c", "a == b in c", "a not in b is c", "a and", "and a", "a b",
        "a not b", "a in b not c", "not", "is", "a is", "a is not", "not in", "a not", "a == ", "== a", "a or or b", "a and not b or c == d|lower", "(a)",
        "a and (b or c)", "a&&b", "a>b", "_a", "a and _b", "a|nope", "a and b|default:_c", "'x'", "1", "a|length > 3 and b.c", "a == b and c == d or not e",
        "a is not b not in c", "not not not a or b", "a or b or c and d and e or f", "not a or not b and not c == d", "a == not b", "a in not b", "a not in not b",
        "else", "True", "a as b", "a == _('x  y')", "a == \"b", "not a not b", "a < b < c and d",
    ], "x"),
    "ifchanged": (["", "a", "a b.c", "_a", "a|nope", "'x'", "a 'b"], "x{% else %}y"),
    "spaceless": (["", "x"], " <p> "),
    "with": ([
        "", "a", "a=b", "a=b c=d", "a as b", "a as b and c as d", "a as b c as d", "a as", "a=b c", "a=b c as d", "a as b and c=d", "a=_b", "a=b a=c", "a|lower as b",
        "'x y'=b", "a='x y'", "a=b|default:'c d'", "a = b", "a=", "a as b and", "a b c", "_a as b",
    ], "x"),
    "partialdef": (["", "a", "a inline", "a x", "a inline x", "'a'", "a.b"], "x"),
    "verbatim": (["", "x", "x y"], "{{ a }}{% b %}{# c #}"),
    "cache": ([
        "", "5", "5 a", "5 a b", "5 a b c.d|lower", "5 a using='x'", "5 a b using=c", "5 using='x'", "5 a using=", "x a", "_x a", "5 a _b", "None a", "5 'a'",
        "5 a using='x' b",
    ], "x"),
    "language": (["", "'de'", "a", "a b", "_a", "a|lower"], "x"),
    "localize": (["", "on", "off", "x", "on off"], "x"),
    "localtime": (["", "on", "off", "x", "on off"], "x"),
    "timezone": (["", "'Europe/Paris'", "a", "a b", "None", "_a"], "x"),
}

TRANSLATE = [
    "", "'a'", "a", "_('a')", "'a' noop", "'a' as x", "'a' as", "'a' context 'c'", "'a' context", "'a' context as", "'a' context noop", "'a' context c|lower as x noop",
    "'a' noop noop", "'a' as x as y", "'a' context 'c' context 'd'", "'a' x", "'a'|lower", "a|nope", "'it\\'s'", "'a  b'", "_a", "'a' context _c", "\"100% a\"",
    "_('100% a')", "'a' as as", "'a' noop x",
]

BLOCK_TRANSLATE = [
    "", "x", "with", "with a=b", "with a=b|lower c='d e'", "with a as b", "with a as b and c as d", "with a", "count a=b", "count b as a", "count a=b c=d", "count",
    "count a", "with a=b count c=d", "count a=b with c=d", "trimmed", "trimmed trimmed", "context 'x'", "context", "context _x", "context a|nope", "context a|default", "context a|lower", "asvar x", "asvar",
    "with a=b trimmed context 'x' asvar y", "with a=b with c=d", "a=b", "with a=_b", "count a=_b", "asvar x asvar y", "with a=b c", "count a=b|length context 'x'",
]

INSIDE_TRANSLATE = [
    "x", "", "{{ a }}", "{{ a.b }}", "{{ a|lower }}", "{{ }}", "{{ a b }}", "{% if a %}x{% endif %}", "{# x #}", "x{% plural %}y", "{% plural %}", "x{% plural %}y{% plural %}z",
    "x{% plural x %}y", "{% url 'a' %}", "{% endblocktrans %}", "100%",
]

GETTERS = ["get_available_languages", "get_current_language", "get_current_language_bidi", "get_current_timezone"]
GET = ["", "as x", "as", "x", "as x y", "in x", "as 'x'"]
INFO = ["", "for a as b", "for 'de' as b", "for a", "of a as b", "for a in b", "for a as b c", "for _a as b", "for a|lower as b"]
PREFIX = ["", "as x", "as", "x", "x as y", "as x y"]
STATIC = ["", "'a'", "a", "'a' as x", "'a' as", "as x", "'a' b", "'a' b as x", "'a' b c as x", "a|add:'x' as y", "_a", "'a b/c.js'"]

# How texts are cut, how blocks stand in each other, and what Django forgets.
TEXTS = [
    "", "x", "x\ny", "{", "{{", "{{ a", "{{ a }", "{{ a }}", "{{a}}", "{{ a }}}", "{{{ a }}}", "{{{{ a }}}}", "{{ a }}{{ b }}", "{{}}", "{{ }}", "{{\na }}", "{{ a\n}}",
    "x\n{{ }}", "{%}", "{%%}", "{% %}", "\n\n{%  %}", "{% if\n a %}", "{% if a %", "{#}", "{##}", "{# a #}", "{# a\n#}", "{# {{ a }} #}", "{{ a #}{# b }}", "{% a }}%}", "{{ '%}' }}",
    "{{ '}}' }}", "{{ \"{{ a }}\" }}", "{% now '%}' %}", "{ { a } }", "{{ a }}\n{{ b }}\n{% nope %}", "\r\n{{ a }}\r{{ b }}\r\n{% nope %}", "{{ a }}\u2028{{ }}",
    "{{\u00a0a\u00a0}}", "{{ a\u00a0}}", "{%\u00a0if\u00a0a\u00a0%}x{% endif %}", "{{ \x1ca\x1f }}", "{% if\x1ca\x1f%}x{% endif %}", "{% for\u2003a in b %}{% endfor %}", "ä{{ ö }}ü{{ ß.é }}",
    "\ufeff{{ a }}", "{{ \ufeffa }}", "{{ a\u200b }}", "{% if a %}{% else %}{% else %}{% endif %}", "{% if a %}{% else %}{% elif b %}{% endif %}", "{% if a %}x{% elif %}y{% endif %}",
    "{% if a %}x{% elif b and %}y{% endif %}", "{% if a %}x{% elif b %}y{% elif c|lower %}z{% else %}w{% endif %}", "{% if a %}x{% else b %}y{% endif %}", "{% if a %}x{% endif a %}",
    "{% if a %}x{% elif b %}\n{% endif b %}", "{% if a %}", "\n{% if a %}\n{% for b in c %}", "{% if a %}{% else %}", "{% for a in b %}{% empty %}", "{% for a in b %}x{% empty %}y{% endfor %}",
    "{% for a in b %}x{% empty z %}y{% endfor %}", "{% for a in b %}x{% empty z %}y", "{% for a in b %}{% empty %}{% empty %}{% endfor %}", "{% for a in b %}{% endfor b %}", "{% for a in b %}{% else %}{% endfor %}",
    "{% ifchanged %}x{% endifchanged %}", "{% ifchanged %}x{% else y %}z{% endifchanged %}", "{% ifchanged a %}{% else %}{% endifchanged %}", "{% ifchanged _a %}{% nope %}{% endifchanged %}", "{% ifchanged %}",
    "{% block a %}{% endblock b %}", "{% block a %}{% endblock  a %}", "{% block a %}{% endblock a %}", "{% block a %}{% block a %}{% endblock %}{% endblock %}", "{% block a %}{% endblock %}{% block a %}{% endblock %}",
    "{% block a %}{% block b %}{% endblock a %}{% endblock b %}", "{% block a %}{% if b %}{% endblock %}{% endif %}", "{% block a %}{% for b in c %}{% endblock %}", "{% block a %}", "{% block a %}{% block b %}{% endblock %}",
    "{% if a %}{% block b %}{% endif %}{% endblock %}", "{% for a in b %}{% if c %}{% endfor %}{% endif %}", "{% with a=b %}{% endwith x %}", "{% with a=b %}{% if c %}{% endwith %}", "{% autoescape on %}", "{% spaceless %}{% endspaceless x %}",
    "{% extends 'a' %}", "x{% extends 'a' %}y", "{# x #}{% extends 'a' %}", "{{ x }}{% extends 'a' %}", "{% load i18n %}{% extends 'a' %}", "{% extends %}", "{% extends 'a' 'b' %}", "{% extends a %}", "{% extends a|default:'b' %}",
    "{% extends 'a' %}{% extends 'b' %}", "{% extends 'a' %}{{ x }}{% extends 'b' %}", "{% extends 'a' %}{% block b %}{% endblock %}{{ c }}", "{% extends 'a' %}{% block b %}{% endblock %}{% block b %}{% endblock %}", "{% extends 'a' %}{% nope %}",
    "{% extends 'a' %}{% if b %}", "{% extends 'a' %}{% endif %}", "{% if a %}{% extends 'b' %}{% endif %}", "{% block a %}{% extends 'b' %}{% endblock %}", "{% if a %}{% extends 'b' %}", "{{ x }}{% extends 'a' %}{% nope %}",
    "{% extends './a' %}", "{% extends '../a' %}", "{% extends '../../a' %}", "{% extends './page.html' %}", "{% extends \"./page.html\" %}", "{% extends ./a %}", "{% extends './a'|lower %}", "{% extends _a %}", "{% extends 'a' %}{% load nope %}",
    "{% extends '../shop/../a.html' %}", "{% extends './' %}", "{% include './' %}", "{% include '../page.html' %}", "{% include '.' %}",
    "{% verbatim %}{% endverbatim %}", "{% verbatim x %}{% endverbatim %}{% endverbatim x %}", "{% verbatim %}", "{% verbatim %}{% endverbatim x %}", "{% verbatim x %}{{ a }}{% endverbatim  x %}{% endverbatim x %}", "{% verbatimx %}{% endverbatimx %}",
    "{%verbatim%}{{ a }}{%endverbatim%}", "{% verbatim %}{% verbatim %}{% endverbatim %}", "{% verbatim %}a{% endverbatim %}{{ b }}{% verbatim %}c\n{% endverbatim %}{{ d }}", "{% comment %}{% verbatim %}{% endcomment %}{% endverbatim %}{% endcomment %}",
    "{% comment %}{% comment %}{% endcomment %}", "{% comment %}{% endcomment x %}{% endcomment %}", "{% comment %}", "\n{% comment %}\n", "{% comment %}{# {% endcomment %} #}", "{% if a %}{% comment %}{% endif %}{% endcomment %}{% endif %}", "{#{% comment %}#}x",
    "{% cycle a b as x %}{% cycle x %}", "{% cycle a b as x %}{% cycle y %}", "{% cycle x %}", "{% cycle a b %}{% cycle x %}", "{% cycle a b %}{% resetcycle %}", "{% cycle a b as x %}{% resetcycle x %}", "{% cycle a b as x %}{% resetcycle y %}",
    "{% for a in b %}{% cycle 'x' 'y' as c silent %}{% endfor %}{% cycle c %}", "{% cycle _a b as x %}{% cycle x %}", "{% resetcycle %}{% cycle a b %}",
    "{% load i18n %}{% trans 'a' %}", "{% trans 'a' %}", "{% trans 'a' %}{% load i18n %}", "{% if a %}{% load i18n %}{% endif %}{% trans 'a' %}", "{% load trans from i18n %}{% trans 'a' %}", "{% load trans from i18n %}{% blocktrans %}{% endblocktrans %}",
    "{% load l10n %}{{ a|localize }}", "{{ a|localize }}", "{% load localize from l10n %}{{ a|localize }}{% localize on %}{% endlocalize %}", "{% load humanize %}{{ a|intcomma }}{{ b|naturaltime }}", "{{ a|intcomma }}", "{% load tz %}{{ a|timezone:'UTC'|utc }}",
    "{% load  i18n  l10n %}{% localize %}{{ a|language_name }}{% endlocalize %}", "{% load i18n nope l10n %}", "{% load 'i18n' %}", "{% load nope %}{% nope %}", "{% load static %}{% get_static_prefix as x %}{% get_media_prefix %}", "{% get_static_prefix %}",
    "{% partialdef a %}x{% endpartialdef %}{% partial a %}", "{% partialdef a %}x{% endpartialdef a %}", "{% partialdef a %}x{% endpartialdef b %}", "{% partialdef a %}{% endpartialdef %}{% partialdef a inline %}{% endpartialdef %}",
    "{% partialdef a %}{% partialdef b %}{% endpartialdef b %}{% endpartialdef a %}", "{% partialdef a %}{% partialdef a %}{% endpartialdef %}{% endpartialdef %}", "{% partialdef a %}", "{% partialdef a %}{% if b %}{% endpartialdef %}", "{% partial a %}{% partialdef a %}{% nope %}",
    "{% if \"a b\" == _('c  d') %}x{% endif %}", "{% now \"it's\" %}", "{% firstof _('a b %}", "{% url _('a  b') %}", "{% url _(\"a\" b %}", "{% firstof 'a b %}", "{% firstof a'b c'd %}", "{% firstof \"a\"'b' %}", "{% firstof a\"b c %}", "{% firstof 'a\\' b' c %}",
    "{% firstof '\\\\' b %}", "{% firstof \\\" b\" %}", "{% firstof a='b c' %}", "{% with a='b c'd %}{% endwith %}", "{% firstof \"a\" \" b %}", "{%if a%}x{%endif%}", "{%    if    a    %}x{%endif    %}", "{% IF a %}", "{% if-x %}", "{% if'a' %}", "{% csrf_token%}{%csrf_token %}",
    "{% filter\u00a0lower %}x{% endfilter %}", "{% filter lower  |  upper %}x{% endfilter %}", "{% filter lower %}", "{% filter %}", "{%filter lower%}{{ a }}{%endfilter x%}",
    "{% cache 5 %}{% nope %}{% endcache %}", "{% load cache %}{% cache 5 %}{% nope %}{% endcache %}", "{% load cache %}{% cache %}", "{% load cache %}{% cache 5 a b|intcomma %}{% load humanize %}{% endcache %}", "{% load cache %}{% cache 5 a %}{% endcache a %}",
    "{{ a|nope }}{% nope %}", "{% nope %}{{ a|nope }}", "{% if a|nope %}{% nope %}", "{% if a %}{{ b|nope }}", "{% include a|nope with x=_y %}", "{% url a|nope b=_c %}", "{% include 'a' with b=c|nope d %}",
    "{{ a }}{% if b %}{{ c }}{% for d in e %}{{ f }}{% empty %}{{ g }}{% endfor %}{% with h=i %}{{ j }}{% endwith %}{% endif %}{{ k }}", "<a href=\"{% url 'a' b.pk %}\" {% if c %}class=\"{{ d|default:'e' }}\"{% endif %}>{{ f }}</a>\n<p>\n{{ g }}</p>",
    "{% admin_actions %}", "{% load admin_list %}{% admin_actions %}", "{% load admin_urls %}{{ a|admin_urlname:'b' }}", "{% ifequal a b %}{% endifequal %}", "{% load static from staticfiles %}", "{% load element from allauth %}{% element a %}x{% endelement %}",
]


def simple(name, words):
    return "{% " + f"{name} {words}".strip() + " %}"


def block(name, words, inside, load=""):
    return f"{load}{simple(name, words)}{inside}{{% end{name} %}}"


def texts():
    """Every text once, in a fixed order."""
    seen = {}
    for text in everything():
        seen.setdefault(text)
    return list(seen)


def everything():
    yield from TEXTS
    for expression in EXPRESSIONS:
        yield "{{ " + expression + " }}"
        yield "x\n{% if " + expression + " %}{% endif %}"
        yield "{% with a=" + expression + " %}{% endwith %}"
    for name, alternatives in SIMPLE.items():
        yield from (simple(name, words) for words in alternatives)
    for name, (alternatives, inside) in BLOCKS.items():
        load = "{% load cache i18n l10n tz %}\n" if name in ("cache", "language", "localize", "localtime", "timezone") else ""
        yield from (block(name, words, inside, load) for words in alternatives)
        yield f"{load}{simple(name, alternatives[1])}x"
        yield f"{load}{simple(name, alternatives[1])}{{% if a %}}{{% end{name} %}}"
        yield f"{load}{{% if a %}}{simple(name, alternatives[1])}{{% endif %}}"
    yield from translations()
    load = "{% load i18n tz static %}"
    for name in GETTERS:
        yield from (load + simple(name, words) for words in GET)
    for name in ("get_language_info", "get_language_info_list"):
        yield from (load + simple(name, words) for words in INFO)
    for name in ("get_static_prefix", "get_media_prefix"):
        yield from (load + simple(name, words) for words in PREFIX)
    yield from (load + simple("static", words) for words in STATIC)


def translations():
    load = "{% load i18n %}"
    for name in ("translate", "trans"):
        yield from (load + simple(name, words) for words in TRANSLATE)
    for name in ("blocktranslate", "blocktrans"):
        yield from (load + block(name, words, "x {{ a }}") for words in BLOCK_TRANSLATE)
        yield from (load + block(name, words, "x{% plural %}y") for words in ("count a=b", "count a=b with c=d", ""))
        yield from (load + block(name, "", inside) for inside in INSIDE_TRANSLATE)
        yield from (load + block(name, "count a=b", inside) for inside in INSIDE_TRANSLATE)
        yield from (f"{load}{{% {name} {words} %}}{end}" for words in ("", "count a=b") for end in (
            "", "x", "x{{ a }}", f"x{{% end{name} x %}}", f"x{{# end{name} #}}", f"end{name}", "x{% plural %}", f"x{{% plural %}}end{name}", "{# plural #}x", f"{{{{ end{name} }}}}",
        ))


def random_texts(seed, count):
    """Texts of pieces of the others: tags moved, left out, doubled; characters changed."""
    chance = random.Random(seed)
    # What the tags of other libraries do with their words is their own affair.
    known = [text for text in texts() if "allauth" not in text and "admin_" not in text]
    tags = sorted({tag for text in known for tag in re.findall(r"{%.*?%}|{{.*?}}|{#.*?#}", text)})
    words = sorted({word for tag in tags for word in tag.split()})
    for _ in range(count):
        text = "".join(chance.choice([chance.choice(tags), chance.choice(known), "x", "\n"]) for _ in range(chance.randint(1, 6)))
        for _ in range(chance.choice([0, 0, 1, 2, 5])):
            at = chance.randrange(len(text) + 1)
            change = chance.choice(["cut", "put", "word", "swap"])
            if change == "cut":
                text = text[:at] + text[at + chance.randint(1, 4):]
            elif change == "put":
                text = text[:at] + chance.choice("{}%#|:.'\"_ \\\n()=,-+aé1\t") + text[at:]
            elif change == "word":
                pieces = text.split(" ")
                pieces[chance.randrange(len(pieces))] = chance.choice(words)
                text = " ".join(pieces)
            else:
                text = text[at:] + text[:at]
        yield text
