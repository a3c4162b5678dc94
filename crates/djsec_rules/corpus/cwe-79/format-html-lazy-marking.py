# A safe text inside `format_html` is not escaped a second time.
from django.utils.html import format_html
from django.utils.safestring import mark_safe


def view(request):
    return format_html("<b>{}</b>", mark_safe(request.GET["name"]))  # bad: html
