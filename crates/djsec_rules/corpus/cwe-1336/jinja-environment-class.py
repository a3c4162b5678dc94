# A sandbox is there for templates that others write; an environment of the project is what it derives from.
import jinja2
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment


class Mails(SandboxedEnvironment):
    pass


class Pages(jinja2.Environment):
    pass


SANDBOX = ImmutableSandboxedEnvironment()


def render(environment, text):
    return environment.from_string(text).render()  # bad: template


def view(request):
    text = request.POST["template"]
    SandboxedEnvironment(autoescape=True).from_string(text)  # ok: template
    SANDBOX.from_string(text)  # ok: template
    Mails().from_string(text)  # ok: template
    Pages().from_string(text)  # bad: template
    NativeEnvironment().from_string(text)  # bad: template
    render(Pages(), text)
