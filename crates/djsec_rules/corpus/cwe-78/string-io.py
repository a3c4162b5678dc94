# A text that is written like a file.
import io
import os


def view(request):
    buffer = io.StringIO()
    buffer.write("ls ")
    buffer.write(request.GET["folder"])
    os.system(buffer.getvalue())  # bad: command
