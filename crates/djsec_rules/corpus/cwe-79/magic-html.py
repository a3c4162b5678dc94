# An object says what it is as HTML.
from django.shortcuts import render
from django.utils.html import escape, html_safe


class Badge:
    def __init__(self, label):
        self.label = label

    def __html__(self):
        return "<b>" + self.label + "</b>"  # bad: html


class Escaped:
    def __init__(self, label):
        self.label = label

    def __html__(self):
        return "<b>" + escape(self.label) + "</b>"  # ok: html


@html_safe
class Icon:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return f"<i class='{self.name}'></i>"  # bad: html


class Plain:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        return f"<{self.name}>"  # ok: html


def view(request):
    q = request.GET["q"]
    return render(request, "a.html", {"a": [Badge(q), Escaped(q), Icon(q), Plain(q)]})
