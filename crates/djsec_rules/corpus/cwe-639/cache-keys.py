# Who chooses the whole key of a cache chooses among everything in it.
import hashlib

from django.core.cache import cache
from django.http import JsonResponse


def read(request):
    return JsonResponse({"found": cache.get(request.GET["key"])})  # bad: cache-key


def written(request):
    key = request.POST["key"].strip()
    cache.set(key, request.POST["value"], 60)  # bad: cache-key
    cache.delete(f"{key}")  # bad: cache-key
    return JsonResponse({})


def with_a_name(request):
    key = request.GET["key"]
    cache.get("search:" + key)  # ok: cache-key
    cache.get(f"search:{key}")  # ok: cache-key
    cache.get("search:%s" % key)  # ok: cache-key
    cache.get("{}:search".format(key))  # ok: cache-key
    cache.get(hashlib.sha256(key.encode()).hexdigest())  # ok: cache-key
    cache.get(int(key))  # ok: cache-key
    cache.set("search", key)  # ok: cache-key
    cache.get(":".join(["search", request.user.username, key]))  # ok: cache-key
    cache.get(":".join([key, request.GET["page"]]))  # bad: cache-key
    return JsonResponse({"found": cache.get(request.user.username)})  # ok: cache-key
