# `json_script` escapes for a script element, `json.dumps` does not.
import json

from django.utils.html import json_script
from django.utils.safestring import mark_safe


def view(request):
    mark_safe(json_script({"name": request.GET["name"]}, "data"))  # ok: html
    mark_safe("<script>let a = " + json.dumps(request.GET["name"]) + "</script>")  # bad: html
