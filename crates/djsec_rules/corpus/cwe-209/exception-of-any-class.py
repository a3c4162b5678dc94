# The text of an exception that may be any is sent; that of one that was written for people, too.
import subprocess

from django.core.exceptions import FieldError, ValidationError
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from rest_framework.exceptions import APIException
from rest_framework.response import Response


class Empty(Exception):
    pass


def fill(request):
    try:
        request.user.fill()
    except ValidationError as e:
        return JsonResponse({"errors": e.messages}, status=400)  # ok: told
    except (Empty, APIException) as e:
        return JsonResponse({"error": str(e)}, status=400)  # ok: told
    except DatabaseError as e:
        return JsonResponse({"error": str(e)}, status=500)  # bad: told
    except (KeyError, FieldError) as e:
        return JsonResponse({"error": f"{e}"}, status=500)  # bad: told
    except subprocess.CalledProcessError as e:
        return JsonResponse({"output": e.stderr.decode(), "code": e.returncode})  # bad: told
    except (KeyError, ValueError) as e:
        return JsonResponse({"error": f"{e}"}, status=400)  # ok: told
    except Exception as e:
        return Response({"error": "failed: " + str(e)}, status=500)  # bad: told


def parts(request):
    try:
        request.user.fill()
    except Exception as e:
        if request.GET.get("a"):
            return HttpResponse(e.args)  # bad: told
        if request.GET.get("b"):
            return HttpResponse(e.__cause__)  # bad: told
        if request.GET.get("d"):
            return HttpResponse(getattr(e, "message", str(e)))  # bad: told
        if request.GET.get("e"):
            return HttpResponse(", ".join(getattr(e, "messages", e)))  # bad: told
        if request.GET.get("c"):
            return HttpResponse(e.__class__.__name__)  # ok: told
        return HttpResponse(type(e).__name__, status=getattr(e, "code", 500))  # ok: told


def unnamed(request):
    try:
        request.user.fill()
    except Exception:
        return HttpResponse("failed")  # ok: told
    except:  # noqa: E722
        return HttpResponse("failed")  # ok: told
