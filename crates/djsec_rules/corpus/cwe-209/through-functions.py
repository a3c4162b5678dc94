# The text of an exception on its way through functions, objects and pages.
from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.http import HttpResponse


def answer(**values):
    return JsonResponse(values, status=500)  # bad: told


def attempt(user):
    try:
        return {"value": user.fill(), "error": None}
    except Exception as e:
        return {"value": None, "error": str(e), "kind": type(e).__name__}


def view(request):
    return JsonResponse(attempt(request.user))  # bad: told


def one(request):
    return JsonResponse({"kind": attempt(request.user)["kind"]})  # ok: told


def handed(request):
    try:
        request.user.fill()
    except Exception as e:
        return answer(error=f"{e}")


def collected(request):
    errors = []
    for name in request.POST.getlist("names"):
        try:
            request.user.fill(name)
        except Exception as e:
            errors.append(f"{name}: {e}")
    return JsonResponse({"errors": errors})  # bad: told


def shown(request):
    error = hidden = None
    try:
        request.user.fill()
    except Exception as e:
        error = hidden = e
    return render(request, "page.html", {"error": error, "hidden": hidden})  # bad: told


def as_text(request):
    try:
        request.user.fill()
    except Exception as e:
        text = render_to_string("page.html", {"hidden": e})
        return HttpResponse(text)  # ok: told


# --- templates/page.html
<p>{{ error|linebreaks }}</p> {# ok: told #}
{% if hidden %}<p>It did not work.</p>{% endif %}
