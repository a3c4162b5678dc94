# Raised and caught in one function; a handler of another class lets it through.
from django.core.exceptions import ValidationError
from django.http import HttpResponse


def view(request):
    try:
        if "x" in request.GET:
            raise ValidationError("<p>no " + request.GET["x"])
        raise LookupError("nothing")
    except LookupError as error:
        return HttpResponse(error.args[0])  # ok: html
    except (KeyError, ValidationError) as error:
        return HttpResponse(error.message)  # bad: html


def outer(request):
    try:
        try:
            raise ValidationError("<p>no " + request.GET["x"])
        except KeyError as error:
            return HttpResponse(str(error))  # ok: html
    except ValidationError as error:
        return HttpResponse(str(error))  # bad: html
