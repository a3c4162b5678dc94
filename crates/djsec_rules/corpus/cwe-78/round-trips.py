# What is written in another way and read back is what it was.
import base64
import binascii
import copy
import itertools
import json
import os
import string
import textwrap


def view(request):
    command = request.GET["command"]
    os.system(json.loads(json.dumps({"command": command}))["command"])  # bad: command
    os.system(base64.b64decode(base64.b64encode(command.encode())).decode())  # bad: command
    os.system(base64.b64encode(command.encode()).decode())  # ok: command
    os.system(binascii.unhexlify(command).decode())  # bad: command
    os.system(bytes.fromhex(command).decode())  # bad: command
    os.system(copy.deepcopy({"a": [command]})["a"][0])  # bad: command
    os.system(textwrap.dedent(command))  # bad: command
    os.system(string.Template("ls $folder").substitute(folder=command))  # bad: command
    os.system("".join(reversed(command)))  # bad: command
    os.system("".join(letter for letter in command if letter.isalnum()))  # ok: command
    for key, group in itertools.groupby(request.GET.getlist("word")):
        os.system(key)  # bad: command
    for one, two in itertools.product(["ls"], request.GET.getlist("word")):
        os.system(one)  # ok: command
        os.system(two)  # bad: command
    for word in itertools.islice(request.GET.getlist("word"), 3):
        os.system(word)  # bad: command
    rows = [("ls", command), ("cat", command)]
    programs, arguments = zip(*rows)
    os.system(programs[0])  # ok: command
    os.system(arguments[0])  # bad: command
