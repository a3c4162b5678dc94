# What was sent as a file is opened as it came.
from PIL import Image

from django.http import HttpResponse


def crop(data):
    return Image.open(data["image"].file)  # ok: path


def view(request):
    crop({**request.POST, **request.FILES})
    return HttpResponse()


def named(request):
    Image.open(request.POST["image"])  # bad: path
    return HttpResponse()
