# Methods that give back the object that they are called on, called one after the other: what the last of them puts
# into it stands in the object under its name, too.
import subprocess


class Command:
    def __init__(self):
        self.words = []

    def add(self, word):
        self.words.append(word)
        return self

    def run(self):
        subprocess.run(" ".join(self.words), shell=True)  # bad: command


class Fixed:
    def __init__(self):
        self.words = []

    def add(self, word):
        self.words.append(word)
        return self

    def other(self):
        return Command()

    def run(self):
        subprocess.run(" ".join(self.words), shell=True)  # ok: command


def view(request):
    command = Command()
    command.add("ls").add("-l").add(request.GET["path"])
    command.run()


def copied(request):
    command = Fixed()
    command.add("ls").other().add(request.GET["path"])
    command.run()
