# Many functions take a path.
import os
import shutil
from pathlib import Path


def view(request):
    name = request.GET["name"]
    os.remove("/srv/" + name)  # bad: path
    os.listdir(name)  # bad: path
    shutil.rmtree("/srv/" + name)  # bad: path
    shutil.copy("/srv/a", "/srv/" + name)  # bad: path
    Path("/srv", name).read_text()  # bad: path
    (Path("/srv") / name).unlink()  # bad: path
    Path("/srv").joinpath(name).write_text("x")  # bad: path
    os.path.exists("/srv/" + name)  # ok: path
