# Escapes for each place, and what undoes or mistakes them.
import html
import json

from django.http import HttpResponse
from django.template.defaultfilters import escape, striptags
from django.utils.html import conditional_escape, escapejs, format_html, format_html_join
from django.utils.safestring import mark_safe


class Name(str):
    pass


def view(request):
    name = request.GET["name"]
    HttpResponse("<p>" + conditional_escape(name))  # ok: html
    HttpResponse("<p>" + html.escape(name))  # ok: html
    HttpResponse("<p>" + escape(name).upper())  # ok: html
    HttpResponse("<p>" + html.unescape(html.escape(name)))  # bad: html
    HttpResponse("<p>" + Name(name))  # bad: html
    HttpResponse(b"<p>" + name.encode())  # bad: html
    HttpResponse("<p>%s" % striptags(name))  # bad: html
    HttpResponse("<script>x = '" + escapejs(name) + "'</script>")  # ok: html
    HttpResponse("<script>x = " + json.dumps(name) + "</script>")  # bad: html
    mark_safe(escape(name))  # ok: html
    mark_safe("<b>%s</b>" % escape(name))  # ok: html
    mark_safe(format_html("<b>{}</b>", name))  # ok: html
    format_html("<b>{}</b>", mark_safe(name))  # bad: html
    format_html("<b>{}</b>".format(name))  # bad: html
    format_html_join("", "<li>{}</li>", ((part,) for part in name.split()))  # ok: html
    format_html_join(name, "<li>{}</li>", (("a",),))  # bad: html
    HttpResponse("<p>%s, %d" % (escape(name), int(request.GET["page"])))  # ok: html
