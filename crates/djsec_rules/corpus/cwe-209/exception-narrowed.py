# What is asked of an exception before its text is sent.
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.db import IntegrityError


class Empty(Exception):
    pass


def asked(request):
    try:
        request.user.fill()
    except Exception as e:
        if isinstance(e, ValidationError):
            return HttpResponse(str(e))  # ok: told
        if isinstance(e, (Empty, Http404)):
            return HttpResponse(str(e))  # ok: told
        if isinstance(e, IntegrityError):
            return HttpResponse(str(e))  # bad: told
        return HttpResponse(str(e))  # bad: told


def otherwise(request):
    try:
        request.user.fill()
    except Exception as e:
        if not isinstance(e, Empty):
            raise
        return HttpResponse(str(e))  # ok: told


def chosen(request):
    try:
        request.user.fill()
    except Exception as e:
        text = str(e) if isinstance(e, Empty) else "failed"
        return HttpResponse(text)  # ok: told


def raised_again(request):
    try:
        try:
            request.user.fill()
        except OSError as e:
            raise Empty(f"not there: {e}") from e
    except Empty as e:
        return HttpResponse(str(e))  # ok: told
