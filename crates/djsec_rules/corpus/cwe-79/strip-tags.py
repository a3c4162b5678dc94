# `strip_tags` does not make a text safe.
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe


def view(request):
    mark_safe(strip_tags(request.POST["text"]))  # bad: html
