# A header that says where to go.
from django.http import HttpResponse
from django.urls import reverse


class Elsewhere(HttpResponse):
    def __init__(self, url):
        super().__init__(status=302)
        self["Location"] = url  # bad: redirect


def view(request):
    response = HttpResponse(status=302)
    response["Location"] = request.GET["next"]  # bad: redirect
    response.headers["Location"] = request.GET["next"]  # bad: redirect
    response["Location"] = "/search/?q=" + request.GET["q"]  # ok: redirect
    response["Location"] = reverse("search", args=[request.GET["q"]])  # ok: redirect
    response["X-Next"] = request.GET["next"]  # ok: redirect
    Elsewhere(request.GET["next"])
    return HttpResponse(status=302, headers={"Location": request.GET["next"]})  # bad: redirect
