# `reverse` gives an address of the project.
from django.shortcuts import redirect
from django.urls import reverse


def view(request):
    return redirect(reverse("order", args=[request.GET["order"]]))  # ok: redirect
