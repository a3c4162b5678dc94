# What the session holds was put there by the server.
from django.shortcuts import redirect


def view(request):
    return redirect(request.session.pop("next", "/"))  # ok: redirect
