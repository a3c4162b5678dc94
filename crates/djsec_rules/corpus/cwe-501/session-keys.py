# A visitor who names the key of a session writes whatever the site keeps there.
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from .models import Poll

KNOWN = ("theme", "language")


def prefer(request):
    request.session[request.POST["name"]] = request.POST["value"]  # bad: session-key
    for name, value in request.GET.items():
        request.session[name] = value  # bad: session-key
    keep(request.session, request.POST["name"], request.POST["value"])
    request.session.setdefault(request.POST["name"], request.POST["value"])  # bad: session-key
    return HttpResponse()


def keep(session, name, value):
    session[name] = value  # unsupported: session-key


def known(request):
    name = request.POST["name"]
    if name in KNOWN:
        request.session[name] = request.POST["value"]  # ok: session-key
    request.session["theme"] = request.POST["theme"]  # ok: session-key
    request.session[f"prefers-{name}"] = request.POST["value"]  # ok: session-key
    request.session["%s-seen" % name] = request.POST["value"]  # ok: session-key
    request.session[str(int(request.POST["page"]))] = request.POST["value"]  # ok: session-key
    return HttpResponse()


def voted(request, slug):
    poll = get_object_or_404(Poll, slug=slug)
    request.session[slug] = True  # ok: session-key
    request.session[poll.slug] = request.POST["answer"]  # ok: session-key
    return HttpResponse()


def basket(request):
    basket = request.session.setdefault("basket", {})
    basket[request.POST["product"]] = request.POST["count"]  # ok: session-key
    request.session["basket"] = basket  # ok: session-key
    return HttpResponse()

# --- models.py
from django.db import models


class Poll(models.Model):
    slug = models.SlugField()
