# A response that is written to like a file.
from django.http import HttpResponse


def view(request):
    response = HttpResponse()
    response.write("<p>" + request.GET["name"])  # bad: html
    return response
