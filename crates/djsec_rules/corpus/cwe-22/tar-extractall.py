# An archive that a visitor sends says itself where its files go.
import tarfile


def view(request):
    with tarfile.open(fileobj=request.FILES["archive"]) as archive:
        archive.extractall("/srv/in")  # bad: archive


def filtered(request):
    with tarfile.open(fileobj=request.FILES["archive"]) as archive:
        archive.extractall("/srv/in", filter="data")  # ok: archive
