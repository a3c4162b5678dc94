# A page that is sent in pieces.
from django.http import StreamingHttpResponse


def lines(request):
    yield "<p>Hello"
    yield request.GET["name"]


def view(request):
    return StreamingHttpResponse(lines(request))  # bad: html
