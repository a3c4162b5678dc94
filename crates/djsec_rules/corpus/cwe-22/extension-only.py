# That a name ends in `.csv` says nothing of its folder.
def view(request):
    name = request.GET["name"]
    if not name.endswith(".csv"):
        return None
    return open("/srv/" + name)  # bad: path
