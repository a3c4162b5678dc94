# Pages that are put together as people do, where nothing of a visitor is left unescaped.
import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join, linebreaks, urlize
from django.utils.safestring import mark_safe
from django.utils.text import slugify


def view(request):
    name = request.GET["name"]
    mark_safe(render_to_string("page.html", {"name": name}))  # ok: html
    HttpResponse(render_to_string("page.html", {"name": name}))  # ok: html
    HttpResponse(render(request, "page.html", {"name": name}).content)  # ok: html
    HttpResponse("<p>%d</p>" % len(name))  # ok: html
    HttpResponse("<p id='%s'>" % slugify(name))  # ok: html
    HttpResponse(status=204 if name else 404)  # ok: html
    HttpResponse(json.dumps({"name": name}), "application/json")  # ok: html
    HttpResponse(name.encode(), content_type="application/octet-stream")  # ok: html
    JsonResponse({"name": name}, status=400)  # ok: html
    items = format_html_join("\n", "<li>{}</li>", ((word,) for word in name.split()))
    HttpResponse(format_html("<ul>{}</ul>", items))  # ok: html
    HttpResponse("".join(["<b>", escape(name), "</b>"]))  # ok: html
    HttpResponse(linebreaks(name, autoescape=True))  # ok: html
    HttpResponse(linebreaks(name))  # bad: html
    HttpResponse(urlize(name, autoescape=True))  # ok: html
    HttpResponse(urlize(name))  # bad: html
    HttpResponse("".join(["<b>", name, "</b>"]))  # bad: html
    HttpResponse("<b>" + escape(name) + name)  # bad: html
