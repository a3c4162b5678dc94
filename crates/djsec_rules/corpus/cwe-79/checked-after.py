# The text is built before its word is checked: what the check proves about the word, it proves
# about the text. What it proves of a part of the word or of another word, it does not.
from django.http import HttpResponse, HttpResponseBadRequest


def before(request):
    word = request.GET["word"]
    text = "<b>" + word + "</b>"
    if word not in ("a", "b"):
        return HttpResponseBadRequest("No such word")
    return HttpResponse(text)  # ok: html


def part(request):
    word = request.GET["word"]
    text = "<b>" + word + "</b>"
    first = word.split(",")[0]
    if first not in ("a", "b"):
        return HttpResponseBadRequest("No such word")
    return HttpResponse(text)  # bad: html


def another(request):
    word = request.GET["word"]
    text = "<b>" + word + request.GET["other"] + "</b>"
    if word not in ("a", "b"):
        return HttpResponseBadRequest("No such word")
    return HttpResponse(text)  # bad: html
