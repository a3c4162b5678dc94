# Filters that escape, that leave it to Django, or that make a number.
from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter(is_safe=True)
def shout(value):
    return value.upper() + "!"  # ok: html


@register.filter(name="icon")
def named(value):
    return format_html("<i>{}</i>", value)  # ok: html


@register.filter
def price(value):
    return mark_safe("<b>%.2f</b>" % value)  # ok: html


@register.filter(needs_autoescape=True)
def first_bold(value, autoescape=True):
    esc = conditional_escape if autoescape else lambda text: text
    return mark_safe("<b>%s</b>" % esc(value))  # ok: html


@register.filter()
def status(value):
    return mark_safe({"new": "<b>new</b>", "old": "old"}.get(value, ""))  # ok: html


def no_filter(value):
    return mark_safe("<b>" + value + "</b>")  # ok: html


@register.filter("link")
def link(value, title="x"):
    return mark_safe("<a href='%s'>%s</a>" % (value, title))  # bad: html
