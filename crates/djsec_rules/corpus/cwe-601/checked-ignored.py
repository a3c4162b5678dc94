# Nobody looks at what the check says.
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def view(request):
    url = request.GET["next"]
    url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url)  # bad: redirect
