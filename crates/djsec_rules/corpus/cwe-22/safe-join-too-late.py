# The file is opened before the path is checked.
from django.utils._os import safe_join


def view(request):
    text = open("/srv/" + request.GET["name"]).read()  # bad: path
    safe_join("/srv", request.GET["name"])
    return text
