# A tag of the project gives HTML made from what a template hands to it.
import json

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E"}


@register.simple_tag
def icon(name):
    return mark_safe("<i class='" + name + "'></i>")  # bad: html


@register.simple_tag(takes_context=True)
def title(context, text, level="h1"):
    return mark_safe(f"<{level}>{escape(text)}</{level}>")  # ok: html


@register.simple_tag
def data(value):
    return mark_safe(json.dumps(value).translate(ESCAPES))  # ok: html


@register.simple_tag
def plain(text):
    return format_html("<b>{}</b>", text)  # ok: html


@register.filter
def in_script(value):
    return mark_safe(json.dumps(value).replace("</", "<\\/"))  # ok: html


@register.filter
def not_escaped(value):
    return mark_safe(json.dumps(value).replace(">", "&gt;"))  # bad: html
