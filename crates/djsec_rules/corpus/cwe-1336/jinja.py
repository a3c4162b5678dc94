# The same in Jinja2.
import jinja2
from jinja2 import Environment


def view(request):
    jinja2.Template(request.GET["template"])  # bad: template
    Environment().from_string("Hello " + request.GET["name"])  # bad: template
    Environment().from_string("Hello {{ name }}").render(name=request.GET["name"])  # ok: template
