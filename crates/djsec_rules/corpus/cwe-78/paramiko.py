# A command that runs on another machine.
import paramiko


def view(request):
    client = paramiko.SSHClient()
    client.connect("backup.example.com")
    client.exec_command("ls " + request.GET["folder"])  # bad: command
    client.exec_command("ls /srv")  # ok: command
