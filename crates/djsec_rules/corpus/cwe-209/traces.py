# Traces, however they are made.
import io
import sys
import traceback

from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse

from .models import Order


def formatted(request):
    try:
        request.user.fill()
    except ValueError as e:
        if request.GET.get("a"):
            return HttpResponse("<br>".join(traceback.format_exc().splitlines()))  # bad: told
        if request.GET.get("b"):
            return HttpResponse(traceback.format_exc().replace("\n", "<br>"))  # bad: told
        if request.GET.get("c"):
            return JsonResponse({"trace": traceback.format_tb(e.__traceback__)})  # bad: told
        kind, error, trace = sys.exc_info()
        if request.GET.get("d"):
            return HttpResponse(kind.__name__)  # ok: told
        if request.GET.get("e"):
            return HttpResponse(error)  # bad: told
        return JsonResponse({"line": trace.tb_lineno})  # ok: told


def printed(request):
    out = io.StringIO()
    try:
        request.user.fill()
    except ValueError:
        traceback.print_exc()
        traceback.print_exc(file=out)
    return HttpResponse(out.getvalue())  # bad: told


def streamed(request):
    def lines():
        try:
            yield from request.user.fill()
        except ValueError:
            yield traceback.format_exc()

    return StreamingHttpResponse(lines())  # bad: told


def logged(request):
    trace = None
    try:
        request.user.fill()
    except ValueError:
        trace = traceback.format_exc()
    return JsonResponse({"failed": trace is not None, "length": len(trace)})  # ok: told


def sql(request):
    orders = Order.objects.filter(open=True)
    if request.GET.get("a"):
        return HttpResponse(f"{orders.query}")  # bad: told
    if request.GET.get("b"):
        return JsonResponse({"queries": connection.queries[-1]["sql"]})  # bad: told
    return JsonResponse({"queries": len(connection.queries)})  # ok: told


# --- models.py
from django.db import models


class Order(models.Model):
    open = models.BooleanField()
