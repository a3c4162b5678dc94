# The page that the visitor comes from is a header that the client sends.
from django.shortcuts import redirect


def view(request):
    return redirect(request.META.get("HTTP_REFERER", "/"))  # bad: redirect
