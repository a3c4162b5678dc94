# A text that is marked as safe is not escaped any more.
from django.utils.safestring import SafeString, mark_safe


def view(request):
    mark_safe("<b>" + request.GET["name"] + "</b>")  # bad: html
    SafeString(request.GET["name"])  # bad: html
    mark_safe("<b>fixed</b>")  # ok: html
