# Pages that Django renders with Jinja.
from django.shortcuts import render


def page(request):
    return render(request, "page.html", {"name": request.GET["name"], "count": int(request.GET["count"])})
# --- settings.py
TEMPLATES = [{"BACKEND": "django.template.backends.jinja2.Jinja2", "APP_DIRS": True}]
# --- jinja2/page.html
{{ name }} {{ name|e }} {{ name|e|safe }} {{ count|safe }} # ok: html
{{ name|safe }} # bad: html
{{ (name or "none")|upper|safe }} # bad: html
{% set title = "Hello " ~ name %}
{{ title|safe }} # bad: html
{{ (name == "x")|safe }} {{ ("a" if name else "b")|safe }} # ok: html
{% for letter in name %}{{ letter|safe }}{% endfor %} # bad: html
{% autoescape false %}
{{ name }} # bad: html
{{ name|e }} {{ name|length }} # ok: html
{% endautoescape %}
<script>let a = {{ name }};</script> # bad: script
<script>let a = {{ name|tojson }};</script> # ok: script
<a href="{{ name }}">a</a> # bad: link
<a href="{{ "/shop/" ~ name }}">a</a> # ok: link
{{ "<b>"|safe ~ name ~ "</b>"|safe }} {{ ("<i>x</i>"|safe if count else name) }} # ok: html
{{ name|default("<i>none</i>"|safe) }} {{ "<b>%s</b>"|safe|format(name) }} # ok: html
