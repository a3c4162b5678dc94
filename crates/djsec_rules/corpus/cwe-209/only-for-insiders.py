# What is sent in debug mode or to the staff only.
import traceback

from django.conf import settings
from django.http import HttpResponse, JsonResponse


def in_debug(request):
    try:
        request.user.fill()
    except Exception as e:
        if settings.DEBUG:
            return HttpResponse(traceback.format_exc())  # ok: told
        if settings.DEBUG and request.GET.get("more"):
            return HttpResponse(str(e))  # ok: told
        if settings.DEBUG or request.GET.get("more"):
            return HttpResponse(str(e))  # bad: told
        return HttpResponse(str(e))  # bad: told


def put_together(request):
    answer = {"error": "failed"}
    try:
        request.user.fill()
    except Exception as e:
        if settings.DEBUG:
            answer["trace"] = traceback.format_exc()
        answer["detail"] = str(e) if settings.DEBUG else None
    return JsonResponse(answer)  # ok: told


def left_early(request):
    try:
        request.user.fill()
    except Exception as e:
        if not settings.DEBUG:
            raise
        return HttpResponse(str(e))  # ok: told


def staff(request):
    try:
        request.user.fill()
    except Exception as e:
        if request.user.is_staff or request.user.is_superuser:
            return HttpResponse(traceback.format_exc())  # ok: told
        if not request.user.is_authenticated:
            return HttpResponse(str(e))  # bad: told
        return HttpResponse("failed")


def detail(error):
    if settings.DEBUG:
        return str(error)
    return "failed"


def helped(request):
    try:
        request.user.fill()
    except Exception as e:
        return HttpResponse(detail(e))  # ok: told
