# The escaped text is thrown away.
from django.http import HttpResponse
from django.utils.html import escape


def view(request):
    name = request.GET["name"]
    escape(name)
    return HttpResponse("<p>Hello " + name)  # bad: html
