# Names with dots or slashes in them are refused.
def view(request):
    name = request.GET["name"]
    if ".." in name or "/" in name:
        return None
    return open("/srv/" + name)  # ok: path
