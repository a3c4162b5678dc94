from django.http import FileResponse, HttpResponse


def home(request):
    return HttpResponse("home")


def loans(request, days=0, late=False):
    return HttpResponse("loans")


def give_back(request, isbn):
    return HttpResponse("thank you")


def shelf(request, number=1, row="a", pk=0):
    return HttpResponse("shelf")


def about(request):
    return HttpResponse("about")


def contact(request, short=False):
    return HttpResponse("contact")


def branch(request, branch):
    return HttpResponse(branch)


def opening_hours(request, branch, room=0):
    return HttpResponse("9 to 5")


def book(request, isbn):
    return HttpResponse(isbn)


def page(request, isbn, page):
    return HttpResponse(page)


def author(request, name):
    return HttpResponse(name)


def file(request, where):
    return FileResponse(open("/srv/files/" + where, "rb"))


def key(request, key):
    return HttpResponse("key")


def not_found(request, exception):
    return HttpResponse("nothing here", status=404)
