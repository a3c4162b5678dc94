# Escaping for HTML does nothing for a shell.
import os

from django.utils.html import escape


def view(request):
    os.system("ls " + escape(request.GET["folder"]))  # bad: command
