# The words of a command are put at its end one by one.
import subprocess


def appended(request):
    command = ["git", "clone"]
    command.append(request.GET["url"])
    subprocess.run(command)  # bad: option


def behind_the_end(request):
    command = ["git", "clone"]
    command.append("--")
    command.append(request.GET["url"])
    subprocess.run(command)  # ok: option


def value_of_an_option(request):
    command = ["git", "clone"]
    command.append("--branch")
    command.append(request.GET["branch"])
    command.append("--")
    command.append("https://example.com/repository.git")
    subprocess.run(command)  # ok: option


def sometimes_more(request):
    command = ["git", "clone"]
    if request.GET.get("loud"):
        command.append("--verbose")
    command.append(request.GET["url"])
    subprocess.run(command)  # bad: option


def of_a_shell(request):
    command = ["sh", "-c"]
    command.append("ls " + request.GET["folder"])
    subprocess.run(command)  # bad: command


def chosen_program(request):
    command = ["ls"]
    command.append(request.GET["folder"])
    subprocess.run(command)  # ok: command


def between_what_is_not_known(request):
    command = ["git", depth(), "clone"]
    command.append(quality())
    command.append(request.GET["url"])
    subprocess.run(command)  # bad: option
