# A helper of the project says whether the address is allowed.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def allowed(url):
    return url_has_allowed_host_and_scheme(url, allowed_hosts={"example.com"})


def view(request):
    url = request.GET["next"]
    if allowed(url):
        return redirect(url)  # ok: redirect
    return redirect("/")
