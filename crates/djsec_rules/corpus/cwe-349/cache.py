# What is kept in the cache under a key of the source is for everybody.
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.html import escape

KEY = "head"


def head(request):
    html = cache.get(KEY)
    if html is None:
        html = "<base href='//%s/'>" % request.META.get("HTTP_X_FORWARDED_HOST", "")
        cache.set(KEY, html, 600)  # bad: cached
    return HttpResponse(html)


def lazily(request):
    q = request.GET["q"]
    title = cache.get_or_set("title", lambda: "You looked for " + q)  # unsupported: cached
    cache.add(key="last", value=q)  # bad: cached
    keep("style", request.COOKIES["style"])
    return HttpResponse(escape(title))


def keep(key, value):
    cache.set(key, value)  # unsupported: cached


def apart(request):
    q = request.GET["q"]
    cache.set(f"found:{q}", q)  # ok: cached
    cache.set("found:" + str(request.user.pk), q)  # ok: cached
    cache.set("pages", int(request.GET["pages"]))  # ok: cached
    cache.set("user", request.user.username)  # ok: cached
    return HttpResponse()
