# A filter of the project gives HTML made from what it is given.
from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def bold(value):
    return mark_safe("<b>" + value + "</b>")  # bad: html


@register.filter
def safe_bold(value):
    return mark_safe("<b>" + escape(value) + "</b>")  # ok: html
