# A setting is a constant of the deployment.
import os

from django.conf import settings


def view(request):
    os.system("ls " + settings.MEDIA_ROOT)  # ok: command
    os.system("ls " + settings.MEDIA_ROOT + request.GET["folder"])  # bad: command
