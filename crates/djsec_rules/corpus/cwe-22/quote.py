# Quoting for addresses leaves slashes and dots as they are, unless it is told otherwise.
from urllib.parse import quote, quote_plus

from django.shortcuts import redirect
from django.utils.text import get_valid_filename


def view(request):
    name = request.GET["name"]
    open("/srv/" + quote(name))  # bad: path
    open("/srv/" + quote(name, safe=""))  # ok: path
    open("/srv/" + quote_plus(name))  # ok: path
    open("/srv/" + quote(name, safe="/:"))  # bad: path
    open("/srv/" + get_valid_filename(name))  # ok: path
    redirect(quote(name))  # bad: redirect
    redirect(quote(name, safe=""))  # ok: redirect
    redirect("/search/" + quote(name))  # ok: redirect
