# A text that is escaped and then taken back.
import html

from django.utils.html import escape
from django.utils.safestring import mark_safe


def view(request):
    mark_safe(html.unescape(escape(request.POST["text"])))  # bad: html
