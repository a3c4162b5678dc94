# What a widget gives is printed as it is.
from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe


class Line(forms.TextInput):
    def render(self, name, value, attrs=None, renderer=None):
        return f"<input value='{value}'>"  # bad: html


class Marked(forms.Widget):
    def render(self, name, value, attrs=None, renderer=None):
        return mark_safe("<b>" + value + "</b>")  # bad: html


class Escaped(forms.Widget):
    def render(self, name, value, attrs=None, renderer=None):
        return "<b>" + escape(value) + "</b>"  # ok: html


class Attributes(forms.Widget):
    def render(self, name, value, attrs=None, renderer=None):
        return format_html("<input{}>", flatatt({"value": value}))  # ok: html


class Inherited(forms.TextInput):
    def render(self, name, value, attrs=None, renderer=None):
        html = super().render(name, value, attrs, renderer)
        return mark_safe("<p>" + html + "</p>")  # ok: html


class NoWidget:
    def render(self, name, value):
        return f"<b>{value}</b>"  # ok: html
