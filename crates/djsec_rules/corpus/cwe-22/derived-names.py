# Names of files that are worked out from what was sent, and hold nothing of it that leads elsewhere.
import hashlib
import mimetypes
import os
import uuid
from datetime import datetime
from pathlib import Path

from django.http import FileResponse

ROOT = Path("/srv/files")


def view(request):
    name = request.GET["name"]
    open("/srv/" + hashlib.sha256(name.encode()).hexdigest())  # ok: path
    open("/srv/%s" % uuid.uuid5(uuid.NAMESPACE_URL, name))  # ok: path
    open("/srv/%d.pdf" % int(name, 16))  # ok: path
    open("/srv/" + datetime.strptime(name, "%Y-%m-%d").strftime("%Y/%m"))  # ok: path
    open(ROOT / f"{int(request.GET['pk']):05d}.pdf")  # ok: path
    open("/srv/%s.csv" % request.user.pk)  # ok: path


def by_extension(request):
    name = request.GET["name"]
    kind, _ = mimetypes.guess_type(name)
    open("/srv/icons/%s" % kind)  # ok: path
    open("/srv/x" + os.path.splitext(name)[1])  # ok: path
    open("/srv/x" + Path(name).suffix)  # ok: path
    open("/srv/" + os.path.split(name)[1])  # ok: path
    open("/srv/" + os.path.split(name)[0])  # bad: path
    open("/srv/" + name.rsplit("/", 1)[-1])  # ok: path
    open("/srv/" + name.split("/")[0])  # ok: path
    open("/srv/" + name.rsplit("/", 1)[0])  # bad: path
    return FileResponse(open("/srv/" + name.partition(".")[0] + ".csv"))  # bad: path
