# Plain text and JSON are no pages.
import json

from django.http import HttpResponse, JsonResponse


def view(request):
    name = request.GET["name"]
    if request.user.is_staff:
        return HttpResponse(name, content_type="text/plain")  # ok: html
    if request.user.is_active:
        return HttpResponse(json.dumps({"name": name}), content_type="application/json")  # ok: html
    if request.user.is_superuser:
        return HttpResponse(name, content_type="text/html; charset=utf-8")  # bad: html
    return JsonResponse({"name": name})  # ok: html
