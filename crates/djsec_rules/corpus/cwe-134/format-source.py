# The visitor chooses the format; what is put in is an object.
def view(request):
    text = request.GET["format"]
    text.format(user=request.user)  # bad: format
    "Hello {user}".format(user=request.GET["name"])  # ok: format
