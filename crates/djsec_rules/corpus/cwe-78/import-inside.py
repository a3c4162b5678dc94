# An import inside a function.
def view(request):
    import os

    os.system("ls " + request.GET["folder"])  # bad: command
