# Filters that give JSON, filters that are registered by a call, and tags, which are not followed.
import json

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E"}


@register.simple_tag
def icon(name):
    return mark_safe("<i class='" + name + "'></i>")  # ok: html


@register.simple_tag(takes_context=True)
def title(context, text, level="h1"):
    return mark_safe(f"<{level}>{escape(text)}</{level}>")  # ok: html


@register.filter
def data(value):
    return mark_safe(json.dumps(value).translate(ESCAPES))  # ok: html


class Escaping(json.JSONEncoder):
    def encode(self, o):
        return super().encode(o).replace("<", "\\u003c")


class Naming(json.JSONEncoder):
    def default(self, o):
        return str(o)


@register.filter
def named(value):
    return mark_safe(json.dumps(value, cls=Naming))  # bad: html


def shout(value):
    return mark_safe("<b>" + value)  # bad: html


@register.filter
def words(value):
    return mark_safe("".join("<b>" + word for word in value.split()))  # bad: html


def not_registered(value):
    return mark_safe("<b>" + value)  # ok: html


register.filter("shout", shout)


@register.simple_tag
def plain(text):
    return format_html("<b>{}</b>", text)  # ok: html


@register.filter
def in_script(value):
    return mark_safe(json.dumps(value).replace("</", "<\\/"))  # ok: html


@register.filter
def not_escaped(value):
    return mark_safe(json.dumps(value).replace(">", "&gt;"))  # bad: html
