# Something else than dots is refused.
def view(request):
    name = request.GET["name"]
    if " " in name:
        return None
    return open("/srv/" + name)  # bad: path


def late(request):
    name = request.GET["name"]
    text = open("/srv/" + name)  # bad: path
    if ".." in name:
        return None
    return text
