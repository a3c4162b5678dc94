# A message with the tag by which templates print it as HTML.
from django.contrib import messages
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe


def view(request):
    name = request.POST["name"]
    messages.success(request, f"Saved <b>{name}</b>", extra_tags="safe")  # bad: html
    messages.add_message(request, messages.INFO, "Saved " + name, extra_tags="safe big")  # bad: html
    messages.success(request, f"Saved {name}")  # ok: html
    messages.success(request, f"Saved {name}", extra_tags="unsafe")  # ok: html
    messages.success(request, "Saved " + escape(name), extra_tags="safe")  # ok: html
    messages.success(request, format_html("Saved <b>{}</b>", name), extra_tags="safe")  # ok: html
    text = mark_safe("Saved " + name)  # bad: html
    messages.success(request, text, extra_tags="safe")  # ok: html
