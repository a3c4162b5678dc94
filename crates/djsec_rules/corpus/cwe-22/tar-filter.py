# Archives are unpacked through a filter that keeps them where they belong.
import tarfile


def careful(archive, folder, filter=tarfile.data_filter):
    archive.extractall(folder, filter=filter)  # ok: archive


def view(request):
    with tarfile.open(fileobj=request.FILES["archive"]) as archive:
        archive.extractall("/srv/in", filter=tarfile.data_filter)  # ok: archive
        archive.extractall("/srv/in", filter=tarfile.fully_trusted_filter)  # bad: archive
        archive.extractall(path="/srv/in", filter="fully_trusted")  # bad: archive
        careful(archive, "/srv/in")
        for member in archive.getmembers():
            archive.extract(member, "/srv/in")  # bad: archive
            archive.extract(member, "/srv/in", filter="data")  # ok: archive
