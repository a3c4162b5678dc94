# The page that the visitor comes from: whoever sent them there gains nothing by having them back.
from django.shortcuts import redirect


def view(request):
    return redirect(request.META.get("HTTP_REFERER", "/"))  # ok: redirect
