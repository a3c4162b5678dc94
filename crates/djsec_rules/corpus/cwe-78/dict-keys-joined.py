# Keys of dicts that are written out, gone through in other ways.
import os


def view(request):
    options = {"folder": request.GET["folder"]}
    os.system("ls " + " ".join(options))  # ok: command
    os.system("ls " + " ".join(sorted(options)))  # ok: command
    for key in [name for name in options]:
        os.system("ls " + key)  # ok: command
    for value in options.values():
        os.system("ls " + value)  # bad: command
    made = {name: request.GET[name] for name in ("a", "b")}
    for key in made:
        os.system("ls " + key)  # ok: command
    given = {request.GET["key"]: "x"}
    for key in given:
        os.system("ls " + key)  # bad: command
    for key in {**request.GET}:
        os.system("ls " + key)  # bad: command
    words = [request.GET["folder"], "x"]
    for word in words:
        os.system("ls " + word)  # bad: command
