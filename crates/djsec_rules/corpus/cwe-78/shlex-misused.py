# A quoted word is one word of a shell: not within other quotes, and not as code or a path.
import os
import shlex
import subprocess


def view(request):
    name = request.GET["name"]
    quoted = shlex.quote(name)
    os.system("ls " + quoted)  # ok: command
    os.system(f'ls "{quoted}"')  # bad: command
    os.system("ls '%s'" % quoted)  # bad: command
    os.system("ls " + shlex.quote(name) + " " + name)  # bad: command
    open("/srv/" + quoted)  # bad: path
    eval(quoted)  # bad: code
    subprocess.run(["bash", "-c", "ls " + quoted])  # ok: command
