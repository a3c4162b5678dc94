# The text is built before its word is checked: what the check proves about the word, it proves
# about the text, but the engine keeps facts by name and does not carry this one backwards.
from django.http import HttpResponse, HttpResponseBadRequest


def before(request):
    word = request.GET["word"]
    text = "<b>" + word + "</b>"
    if word not in ("a", "b"):
        return HttpResponseBadRequest("No such word")
    return HttpResponse(text)  # too much: html
