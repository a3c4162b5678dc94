# Scripts run in images of one kind.
from django.http import HttpResponse
from django.utils.html import escape


def view(request):
    text = request.GET["text"]
    HttpResponse(f"<svg><text>{text}</text></svg>", content_type="image/svg+xml")  # bad: html
    HttpResponse(f"<svg><text>{escape(text)}</text></svg>", content_type="image/svg+xml")  # ok: html
    HttpResponse(text, content_type="image/png")  # ok: html
    return HttpResponse(text, "image/svg+xml")  # bad: html
