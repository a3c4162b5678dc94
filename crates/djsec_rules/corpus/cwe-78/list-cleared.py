# After `clear` a list holds nothing.
import os


def view(request):
    words = [request.GET["a"]]
    words.clear()
    os.system(" ".join(words))  # ok: command
