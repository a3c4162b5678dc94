# A name that is bound inside a condition.
import os


def view(request):
    if (folder := request.GET.get("folder")) and len(folder) < 100:
        os.system("ls " + folder)  # bad: command
