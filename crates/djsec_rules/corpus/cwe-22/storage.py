# Django's storages look after the path themselves.
from django.core.files.storage import default_storage


def view(request):
    return default_storage.open(request.GET["name"])  # ok: path
