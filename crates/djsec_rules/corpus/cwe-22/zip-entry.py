# The name of an entry of an archive is chosen by whoever made it.
import os
import zipfile


def view(request):
    archive = zipfile.ZipFile(request.FILES["archive"])
    for name in archive.namelist():
        with open(os.path.join("/srv", name), "wb") as target:  # bad: path
            target.write(archive.read(name))
    archive.extractall("/srv")  # ok: path
