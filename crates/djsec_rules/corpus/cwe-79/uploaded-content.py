# The content of an uploaded file is shown, as is the type that the client says.
from django.http import HttpResponse


def view(request):
    upload = request.FILES["page"]
    if request.user.is_staff:
        return HttpResponse(upload.read())  # bad: html
    if request.user.is_active:
        return HttpResponse("<p>" + upload.name)  # bad: html
    return HttpResponse("<p>%d" % upload.size)  # ok: html
