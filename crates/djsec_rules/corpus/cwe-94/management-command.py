# A command of Django that the visitor names.
from django.core.management import call_command


def view(request):
    call_command(request.GET["command"])  # bad: command
    call_command("migrate", request.GET["app"])  # ok: command
