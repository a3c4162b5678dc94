# A slug has letters, digits and hyphens only.
from django.utils.text import slugify


def view(request):
    open("/srv/" + slugify(request.GET["name"]))  # ok: path
