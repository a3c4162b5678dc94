# A pattern takes everything dangerous out of a name, or not.
import re


def view(request):
    name = request.GET["name"]
    open("/srv/" + re.sub(r"[^a-zA-Z0-9_-]+", "", name))  # ok: path
    open("/srv/" + re.sub(r"[^\w]", "_", name))  # ok: path
    open("/srv/" + re.sub(r"[^\w./-]", "", name))  # bad: path
    open("/srv/" + re.sub(r"\s+", "-", name))  # bad: path
    open("/srv/" + re.sub(r"[^a-z]", request.GET["by"], name))  # bad: path
