# Only the first argument of `redirect` is where to go.
from django.shortcuts import redirect


def view(request):
    return redirect("order", pk=request.GET["order"])  # ok: redirect
