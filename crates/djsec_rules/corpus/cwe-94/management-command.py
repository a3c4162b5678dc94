# A command of Django, or what it is given, that the visitor chooses.
from django.core.management import call_command


def view(request):
    call_command(request.GET["command"])  # bad: command
    call_command("migrate", request.GET["app"])  # bad: command
