# A number of the request says how much is done; what bounds it, and where it comes from.
import secrets
import time
from itertools import repeat
from math import ceil

from django import forms
from django.http import JsonResponse

MOST = 100


class Count(forms.Form):
    free = forms.IntegerField()
    bounded = forms.IntegerField(max_value=50)


def open_ended(request, number):
    n = int(request.GET["n"])
    for _ in range(n):  # bad: amount
        pass
    for _ in range(1, n + 1):  # bad: amount
        pass
    time.sleep(float(request.GET["wait"]))  # bad: amount, nan
    key = secrets.token_hex(n * 2)  # bad: amount
    text = "x" * n  # bad: amount
    zeros = n // 2 * [0]  # bad: amount
    large = 10**n  # bad: amount
    padded = text.ljust(n)  # bad: amount
    list(repeat(0, max(n, 1)))  # bad: amount
    for _ in range(number):  # bad: amount
        pass
    return JsonResponse({"all": [key, zeros, large, padded]})


def with_a_default(request):
    try:
        n = int(request.GET.get("n") or 10)
    except ValueError:
        n = 10
    return JsonResponse({"all": list(range(n))})  # bad: amount


def at_least_one(request):
    n = int(request.GET["n"])
    if n < 1:
        return JsonResponse({}, status=400)
    return JsonResponse({"all": list(range(n))})  # bad: amount


def of_digits(request):
    text = request.GET["n"]
    if not text.isdigit():
        return JsonResponse({}, status=400)
    return JsonResponse({"all": list(range(int(text)))})  # bad: amount


def fields(request):
    form = Count(request.POST)
    if form.is_valid():
        for _ in range(form.cleaned_data["free"]):  # bad: amount
            pass
        for _ in range(form.cleaned_data["bounded"]):  # ok: amount
            pass
    return JsonResponse({})


def helper(count):
    return ["x" * count]  # bad: amount


def through_a_function(request):
    return JsonResponse({"all": helper(int(request.GET["n"]))})


def bounded(request):
    n = min(int(request.GET["n"]), MOST)
    a = "x" * n  # ok: amount
    b = "x" * max(1, min(MOST, int(request.GET["n"])))  # ok: amount
    c = "x" * (int(request.GET["n"]) % 10)  # ok: amount
    return JsonResponse({"all": [a, b, c]})


def compared(request):
    n = int(request.GET["n"])
    if n > MOST:
        n = MOST
    return JsonResponse({"all": list(range(n))})  # ok: amount


def between(request):
    n = int(request.GET["n"])
    if not 1 <= n <= 50:
        return JsonResponse({}, status=400)
    return JsonResponse({"all": list(range(n))})  # ok: amount


def compared_first(request):
    if int(request.GET["n"]) > 100:
        return JsonResponse({}, status=400)
    return JsonResponse({"all": list(range(int(request.GET["n"])))})  # ok: amount


def one_of_a_few(request):
    n = int(request.GET["n"])
    if n not in (10, 20, 50):
        n = 10
    return JsonResponse({"all": list(range(n))})  # ok: amount


def clamp(value, most):
    return min(value, most)


def clamped(request):
    n = clamp(int(request.GET["n"]), 20)
    return JsonResponse({"all": list(range(n))})  # ok: amount


def allowed(count):
    if MOST:
        return min(count, MOST)
    return count


def bounded_where_there_is_a_bound(request):
    n = allowed(int(request.GET["n"]))
    return JsonResponse({"all": list(range(n))})  # ok: amount


def length(request):
    words = request.GET.getlist("word")
    marks = "?" * len(words)  # ok: amount
    for at in range(len(words)):  # ok: amount
        pass
    pages = ceil(len(words) / 20)
    return JsonResponse({"marks": marks, "pages": list(range(pages))})  # ok: amount


def window(request):
    page = int(request.GET["page"])
    shown = list(range(page - 2, page + 3))  # ok: amount
    data = bytes(request.GET["text"], "utf-8")  # ok: amount
    return JsonResponse({"shown": shown, "size": len(data)})
# --- urls.py
from django.urls import path

from . import views

urlpatterns = [
    path("open/<int:number>/", views.open_ended),
    path("default/", views.with_a_default),
    path("least/", views.at_least_one),
    path("fields/", views.fields),
    path("bounded/", views.bounded),
]
