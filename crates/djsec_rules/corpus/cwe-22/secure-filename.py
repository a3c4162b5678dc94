# Werkzeug's and Django's functions for names of files.
from django.utils.text import get_valid_filename
from werkzeug.utils import secure_filename


def view(request):
    open("/srv/" + secure_filename(request.GET["name"]))  # ok: path
    open("/srv/" + get_valid_filename(request.GET["name"]))  # ok: path
