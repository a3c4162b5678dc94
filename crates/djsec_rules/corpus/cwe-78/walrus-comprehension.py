# A name that is bound inside of a comprehension.
import os


def view(request):
    words = [word for part in request.GET.getlist("part") if (word := part.strip())]
    os.system(" ".join(words))  # bad: command
