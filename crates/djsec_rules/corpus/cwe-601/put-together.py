# Addresses that begin with something of this site, whatever follows.
from urllib.parse import quote, urlencode

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy


def view(request, pk):
    following = request.GET["next"]
    redirect(f"{reverse('login')}?next={quote(following)}")  # ok: redirect
    redirect(reverse("login") + "?" + urlencode({"next": following}))  # ok: redirect
    redirect("{}?next={}".format(reverse_lazy("login"), following))  # ok: redirect
    redirect("{page}?next={next}".format(next=following, page=reverse("login")))  # ok: redirect
    redirect("{1}?next={0}".format(following, reverse("login")))  # ok: redirect
    redirect("{next}?from={page}".format(next=following, page=reverse("login")))  # bad: redirect
    redirect("{1}?from={0}".format(reverse("login"), following))  # bad: redirect
    redirect(settings.LOGIN_URL + "?next=" + following)  # ok: redirect
    redirect("login", next=following)  # ok: redirect
    redirect(request.path + "?page=" + following)  # ok: redirect
    redirect("https://example.com/" + following)  # ok: redirect
    redirect("https://example.com" + following)  # bad: redirect
    redirect("/" + following)  # bad: redirect
    redirect("/" + following.lstrip("/"))  # bad: redirect
    redirect("//example.com/" + following)  # ok: redirect
    redirect(following + "?from=login")  # bad: redirect
    redirect(request.build_absolute_uri(following))  # bad: redirect
    redirect(request.build_absolute_uri("/shop/" + following))  # ok: redirect
