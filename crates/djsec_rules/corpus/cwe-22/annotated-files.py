# What a function says is an open file chooses no path.
import zipfile
from typing import IO, BinaryIO


def names(file: BinaryIO):
    return zipfile.ZipFile(file).namelist()  # ok: path


def texts(file: IO[bytes] | None):
    return zipfile.ZipFile(file).namelist()  # ok: path


def anything(file):
    return zipfile.ZipFile(file).namelist()  # bad: path


def view(request):
    sent = request.FILES["file"]
    names(sent.file)
    names(open_of(sent))
    texts(open_of(sent))
    anything("/srv/" + request.POST["name"])
    anything(sent)
