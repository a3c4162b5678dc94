# A text of the request becomes a page.
from django.http import HttpResponse


def view(request):
    name = request.GET["name"]
    if request.user.is_staff:
        return HttpResponse("<p>Hello " + name)  # bad: html
    if request.user.is_active:
        return HttpResponse(content=f"<p>Hello {name}")  # bad: html
    return HttpResponse("<p>Hello")  # ok: html
