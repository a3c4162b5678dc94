# The environment, or a secret of it, is sent.
import os
from os import environ

from django.http import HttpResponse, JsonResponse


def whole(request):
    if request.GET.get("a"):
        return JsonResponse(dict(os.environ))  # bad: revealed
    if request.GET.get("b"):
        return JsonResponse({name: value for name, value in os.environ.items()})  # bad: revealed
    if request.GET.get("c"):
        return HttpResponse(f"{environ}")  # bad: revealed
    return JsonResponse({"names": list(os.environ.keys())})  # ok: revealed


def parts(request):
    if request.GET.get("a"):
        return JsonResponse({"key": os.environ["PAY_SECRET_KEY"]})  # bad: revealed
    if request.GET.get("b"):
        return JsonResponse({"key": environ.get("PAY_SECRET_KEY")})  # bad: revealed
    if request.GET.get("c"):
        return JsonResponse({"key": os.getenv("PAY_SECRET_KEY", "")})  # bad: revealed
    if request.GET.get("d"):
        return JsonResponse({"key": os.environ["PAY_PUBLISHABLE_KEY"]})  # ok: revealed
    return JsonResponse({"home": os.environ["HOME"], "host": os.getenv("HOSTNAME")})  # ok: revealed
