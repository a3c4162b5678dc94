from django.http import HttpResponse


def author_list(request, **kwargs):
    return HttpResponse("authors")
