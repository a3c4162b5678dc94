# Only the argument that ends in the shell counts.
import os


def archive(label, folder):
    os.system("tar cf out.tar " + folder)  # ok: command
    return label


def view(request):
    archive(request.GET["label"], "/srv")
