# Jinja's way of marking a text.
from markupsafe import Markup, escape


def view(request):
    Markup(request.GET["name"])  # bad: html
    Markup("<b>%s</b>") % escape(request.GET["name"])  # ok: html
