"""Writes the node tree of Django's parser in the way `djsec_templates::print` writes ours.

`(name@line words {branch} {branch})`; text is `t` and its length in bytes, a variable is its expression. What a
custom tag's words mean is its own affair: they are left out.
"""

import json

from django.template import base, defaulttags, library, loader_tags
from django.template.base import FilterExpression, NodeList, Parser, TextNode, Variable, VariableNode
from django.templatetags import cache, i18n, l10n, static, tz

# Which filters an expression names: the functions do not know under which name they were asked for.
NAMES = {}


def watch():
    """Django forgets what is asked for here: names of filters, and the token of each place in a list."""
    find, make, extend = Parser.find_filter, FilterExpression.__init__, Parser.extend_nodelist

    def find_filter(self, name):
        self.__dict__.setdefault("asked", []).append(name)
        return find(self, name)

    def initialise(self, token, parser):
        parser.asked = []
        make(self, token, parser)
        NAMES[id(self)] = (self, parser.asked)

    def extend_nodelist(self, nodelist, node, token):
        extend(self, nodelist, node, token)
        nodelist.__dict__.setdefault("tokens", []).append(token)

    Parser.find_filter, FilterExpression.__init__, Parser.extend_nodelist = find_filter, initialise, extend_nodelist


def quoted(text):
    return json.dumps(str(text), ensure_ascii=False)


def variable(value):
    if value is None:
        return "-"
    if not isinstance(value, Variable):
        if isinstance(value, str):
            return quoted(value)
        # A translated text: percent signs were doubled for its later use.
        return "_" + quoted(str(value).replace("%%", "%"))
    if value.lookups is not None:
        return "$" + value.var
    if isinstance(value.literal, str):
        # `translate` makes a variable of its text.
        return quoted(value.var[1:-1])
    return "#" + value.var


def expression(value):
    if value is None:
        return "-"
    return variable(value.var) + filters(value)


def filters(value):
    out = ""
    for name, (_, arguments) in zip(NAMES[id(value)][1], value.filters):
        out += "|" + name
        for _, argument in arguments:
            out += ":" + variable(argument)
    return out


def pairs(values):
    return [f"{name}={expression(value)}" for name, value in values.items()]


def target(name):
    return ["as", name] if name else []


def tokens(parts):
    """The inside of blocktranslate, which holds tokens."""
    out = []
    for part in parts:
        is_text = part.token_type == base.TokenType.TEXT
        out.append(f"t{len(part.contents.encode())}" if is_text else f"k{quoted(part.contents)}")
    return "{" + " ".join(out) + "}"


def condition(node):
    name = type(node).id if not isinstance(node, defaulttags.TemplateLiteral) else None
    if name is None:
        return expression(node.value)
    parts = [condition(part) for part in (node.first, node.second) if part is not None]
    return f"({' '.join([name, *parts])})"


def nodes(nodelist):
    listed = zip(nodelist, getattr(nodelist, "tokens", []))
    return " ".join(text for text in (node(each, token) for each, token in listed) if text)


def branch(nodelist):
    return "{" + nodes(nodelist) + "}"


def optional(nodelist):
    return [branch(nodelist)] if nodelist else []


def node(value, token):
    if isinstance(value, TextNode):
        return f"t{len(value.s.encode())}"
    if isinstance(value, VariableNode):
        return f"{expression(value.filter_expression)}@{token.lineno}"
    name = token.contents.split()[0]
    describe = next((DESCRIBE[kind] for kind in type(value).__mro__ if kind in DESCRIBE), custom)
    return "(" + " ".join([f"{name}@{token.lineno}", *describe(value, token)]) + ")"


def custom(value, token):
    lists = [each for each in vars(value).values() if isinstance(each, NodeList) and each]
    return [branch(each) for each in lists]


def call(value, token):
    if not value.func.__module__.startswith("django.template."):
        return custom(value, token)
    return [*map(expression, value.args), *pairs(value.kwargs), *target(value.target_var)]


def switch(name):
    return lambda value, token: ["on" if getattr(value, name) else "off", branch(value.nodelist)]


def block_translate(value, token):
    count = [f"count {value.countervar}={expression(value.counter)}"] if value.counter else []
    context = [f"context {expression(value.message_context)}"] if value.message_context else []
    words = ["with", *pairs(value.extra_context)] if value.extra_context else []
    words += [*count, *context, *(["trimmed"] if value.trimmed else []), *target(value.asvar)]
    return [*words, tokens(value.singular), *([tokens(value.plural)] if count else [])]


def cached(value, token):
    words = [expression(value.expire_time_var), quoted(value.fragment_name), *map(expression, value.vary_on)]
    using = [f"using={expression(value.cache_name)}"] if value.cache_name else []
    return [*words, *using, branch(value.nodelist)]


def cycle(value, token):
    words = token.split_contents()
    if len(words) == 2:
        return ["=", words[1]]
    silent = ["silent"] if value.silent else []
    return [*map(expression, value.cyclevars), *target(value.variable_name), *silent]


def loop(value, token):
    words = [",".join(value.loopvars), expression(value.sequence), *(["reversed"] if value.is_reversed else [])]
    return [*words, branch(value.nodelist_loop), *optional(value.nodelist_empty)]


def choice(value, token):
    out = []
    for test, nodelist in value.conditions_nodelists:
        out += [condition(test)] if test else []
        out.append(branch(nodelist))
    return out


def changed(value, token):
    return [*map(expression, value._varlist), branch(value.nodelist_true), *optional(value.nodelist_false)]


def include(value, token):
    only = ["only"] if value.isolated_context else []
    return [expression(value.template), *pairs(value.extra_context), *only]


def language_info(name):
    return lambda value, token: [expression(getattr(value, name)), *target(value.variable)]


def lorem(value, token):
    return [expression(value.count), value.method, *([] if value.common else ["random"])]


def translate(value, token):
    context = [f"context {expression(value.message_context)}"] if value.message_context else []
    noop = ["noop"] if value.noop else []
    return [expression(value.filter_expression), *context, *noop, *target(value.asvar)]


def url(value, token):
    return [expression(value.view_name), *map(expression, value.args), *pairs(value.kwargs), *target(value.asvar)]


def width_ratio(value, token):
    values = [value.val_expr, value.max_expr, value.max_width]
    return [*map(expression, values), *target(value.asvar)]


def plain(value, token):
    return []


def inside(value, token):
    return [branch(value.nodelist)]


DESCRIBE = {
    library.SimpleNode: call,
    defaulttags.AutoEscapeControlNode: switch("setting"),
    defaulttags.CommentNode: plain,
    defaulttags.CsrfTokenNode: plain,
    defaulttags.CycleNode: cycle,
    defaulttags.DebugNode: plain,
    defaulttags.FilterNode: lambda value, token: [filters(value.filter_expr), branch(value.nodelist)],
    defaulttags.FirstOfNode: lambda value, token: [*map(expression, value.vars), *target(value.asvar)],
    defaulttags.ForNode: loop,
    defaulttags.IfNode: choice,
    defaulttags.IfChangedNode: changed,
    defaulttags.LoadNode: plain,
    defaulttags.LoremNode: lorem,
    defaulttags.NowNode: lambda value, token: [quoted(value.format_string), *target(value.asvar)],
    defaulttags.PartialDefNode: lambda value, token: [
        quoted(value.partial_name), *(["inline"] if value.inline else []), branch(value.nodelist),
    ],
    defaulttags.PartialNode: lambda value, token: [quoted(value.partial_name)],
    defaulttags.RegroupNode: lambda value, token: [
        expression(value.target), expression(value.expression), *target(value.var_name),
    ],
    defaulttags.ResetCycleNode: lambda value, token: token.split_contents()[1:],
    defaulttags.SpacelessNode: inside,
    defaulttags.TemplateTagNode: lambda value, token: [value.tagtype],
    defaulttags.URLNode: url,
    defaulttags.VerbatimNode: lambda value, token: [f"t{len(value.content.encode())}"],
    defaulttags.WidthRatioNode: width_ratio,
    defaulttags.WithNode: lambda value, token: [*pairs(value.extra_context), branch(value.nodelist)],
    loader_tags.BlockNode: lambda value, token: [quoted(value.name), branch(value.nodelist)],
    loader_tags.ExtendsNode: lambda value, token: [expression(value.parent_name), branch(value.nodelist)],
    loader_tags.IncludeNode: include,
    cache.CacheNode: cached,
    i18n.BlockTranslateNode: block_translate,
    i18n.GetAvailableLanguagesNode: lambda value, token: target(value.variable),
    i18n.GetCurrentLanguageBidiNode: lambda value, token: target(value.variable),
    i18n.GetCurrentLanguageNode: lambda value, token: target(value.variable),
    i18n.GetLanguageInfoListNode: language_info("languages"),
    i18n.GetLanguageInfoNode: language_info("lang_code"),
    i18n.LanguageNode: lambda value, token: [expression(value.language), branch(value.nodelist)],
    i18n.TranslateNode: translate,
    l10n.LocalizeNode: switch("use_l10n"),
    static.PrefixNode: lambda value, token: target(value.varname),
    static.StaticNode: lambda value, token: [expression(value.path), *target(value.varname)],
    tz.GetCurrentTimezoneNode: lambda value, token: target(value.variable),
    tz.LocalTimeNode: switch("use_tz"),
    tz.TimezoneNode: lambda value, token: [expression(value.tz), branch(value.nodelist)],
}
