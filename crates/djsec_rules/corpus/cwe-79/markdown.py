# Markdown leaves HTML as it is.
import bleach
import markdown
from django.utils.safestring import mark_safe


def view(request):
    mark_safe(markdown.markdown(request.POST["text"]))  # bad: html
    mark_safe(bleach.clean(markdown.markdown(request.POST["text"])))  # ok: html
    mark_safe(markdown.markdown(bleach.clean(request.POST["text"])))  # ok: html
