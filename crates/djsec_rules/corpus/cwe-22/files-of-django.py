# What Django wraps around an open file is no path, however far it is handed on.
from io import BytesIO

from django.core.files import File
from django.core.files.base import ContentFile
from PIL import Image


def scaled(image):
    return Image.open(image)  # ok: path


def opened(image):
    return Image.open(image)  # bad: path


def view(request):
    scaled(File(BytesIO(request.FILES["image"].read()), name="image"))
    scaled(ContentFile(request.FILES["image"].read()))
    Image.open(File(request.FILES["image"]))  # ok: path
    opened(request.POST["image"])
