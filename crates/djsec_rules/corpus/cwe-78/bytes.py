# Texts that become bytes and texts again.
import os


def view(request):
    data = request.GET["folder"].encode("utf-8")
    os.system(b"ls " + data)  # bad: command
    os.system(data.decode())  # bad: command
    os.system(bytes(data))  # bad: command
