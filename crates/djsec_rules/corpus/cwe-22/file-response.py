# A file is sent to the visitor.
from django.http import FileResponse


def view(request):
    return FileResponse(open("/srv/" + request.GET["name"], "rb"))  # bad: path
