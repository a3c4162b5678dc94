# What was written in another way is harmless like that, and what it was once it is read back.
import base64
import binascii
import os

from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode


def packed(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpacked(text):
    return base64.urlsafe_b64decode(text + "==").decode()


def read_back(text):
    return base64.b64decode(text).decode()


class Token:
    def __init__(self, text):
        self.text = base64.b64encode(text.encode())

    def plain(self):
        return base64.b64decode(self.text).decode()


def view(request):
    command = request.GET["command"]
    os.system("echo " + packed(command))  # ok: command
    os.system(read_back(base64.b64encode(command.encode())))  # bad: command
    os.system(read_back(packed("ls")))  # ok: command
    os.system(unpacked(command))  # bad: command
    os.system(binascii.unhexlify(binascii.hexlify(command.encode())).decode())  # bad: command
    os.system(base64.b16decode(base64.b16encode(command.encode())).decode())  # bad: command
    os.system("echo " + urlsafe_base64_encode(command.encode()))  # ok: command
    os.system(urlsafe_base64_decode(urlsafe_base64_encode(command.encode())).decode())  # bad: command
    os.system("echo " + Token(command).text.decode())  # ok: command
    os.system(Token(command).plain())  # bad: command
    os.system(Token("ls").plain())  # ok: command
    written = {"a": base64.b64encode(command.encode())}
    os.system("echo " + str(written["a"]))  # ok: command
    os.system(base64.b64decode(written["a"]).decode())  # bad: command
