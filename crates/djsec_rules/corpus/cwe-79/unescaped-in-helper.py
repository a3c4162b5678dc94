# A helper takes the escaping back; what is escaped after it stays harmless.
import html
from urllib.parse import quote, unquote

from django.utils.html import escape
from django.utils.safestring import mark_safe


def plain(text):
    return html.unescape(text)


def view(request):
    text = request.POST["text"]
    mark_safe(plain(escape(text)))  # bad: html
    mark_safe(escape(plain(text)))  # ok: html
    mark_safe(escape(html.unescape(text)))  # ok: html
    mark_safe(unquote(quote(text)))  # bad: html
    mark_safe(html.unescape("&lt;b&gt;") + escape(text))  # ok: html
