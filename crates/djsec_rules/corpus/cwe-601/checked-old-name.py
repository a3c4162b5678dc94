# The function's name in older versions of Django.
from django.shortcuts import redirect
from django.utils.http import is_safe_url


def view(request):
    url = request.GET["next"]
    if is_safe_url(url, allowed_hosts=None):
        return redirect(url)  # ok: redirect
    return redirect("/")
