# A table of constants decides.
from django.shortcuts import redirect

TARGETS = {"shop": "/shop/", "cart": "/cart/"}


def view(request):
    return redirect(TARGETS.get(request.GET["to"], "/"))  # ok: redirect
