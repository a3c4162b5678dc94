# What a template hands to the project's own tags, and what the tags make of it.
from django.shortcuts import render
from django.utils.text import slugify


def page(request):
    query = request.GET["q"]
    return render(request, "page.html", {"query": query, "clean": slugify(query)})
# --- templatetags/__init__.py
# --- templatetags/marks.py
from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def bold(text, kind="plain"):
    return mark_safe(f"<b class={kind}>{text}</b>")  # bad: html


@register.simple_tag
def slim(text):
    return mark_safe("<i>" + text + "</i>")  # ok: html


@register.simple_tag
def framed(text):
    return format_html("<p>{}</p>", text)


@register.simple_tag(takes_context=True)
def found(context):
    return mark_safe("<p>" + context["query"] + "</p>")  # bad: html


@register.simple_tag(takes_context=True)
def other(context):
    return mark_safe("<p>" + context["clean"] + "</p>")  # ok: html


@register.simple_tag
def loud(text):
    return text.upper()


@register.inclusion_tag("card.html")
def card(text, title="Card"):
    return {"text": text, "title": title, "long": len(text)}
# --- templates/page.html
{% bold query %}
{% slim clean %}
{% slim "text" %}
{% slim query|escape %}
{% framed query %}
{% found %} {% other %}
{% loud query %}
{% loud query as shouted %}
{{ shouted }}
{{ shouted|safe }} # bad: html
{% framed query as box %}{{ box|safe }} # ok: html
{% card query %}
{% card text="text" title=query|slugify %}
# --- templates/card.html
{{ text }} {{ text|safe }} # bad: html
{{ title|safe }} {{ long|safe }} # ok: html
{{ query|safe }} # ok: html
