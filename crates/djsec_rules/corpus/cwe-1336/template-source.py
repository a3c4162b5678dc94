# A template whose source the visitor sends.
from django.template import Context, Engine, Template


def view(request):
    template = Template("Hello " + request.GET["name"])  # bad: template
    Engine().from_string(request.POST["template"])  # bad: template
    Template("Hello {{ name }}").render(Context({"name": request.GET["name"]}))  # ok: template
    return template
