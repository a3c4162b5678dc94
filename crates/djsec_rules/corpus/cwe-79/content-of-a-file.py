# What stands in a file is not its name, and what a server answers not its address.
import requests
from django.http import HttpResponse


def view(request):
    if request.user.is_staff:
        return HttpResponse(open("/srv/" + request.GET["name"]).read())  # bad: path
    answer = requests.get("https://" + request.GET["host"])  # bad: ssrf
    return HttpResponse(answer.text)  # ok: html
