# `super()` in a mixin goes to the next class in the order of the object's own.
import os
import shlex

from django.views import View


class Passing:
    def shown(self, text):
        return super().shown(text)


class Quoting:
    def shown(self, text):
        return shlex.quote(super().shown(text))


class Raw:
    def shown(self, text):
        return text


class Fixed:
    def shown(self, text):
        return "ls"


class PassingRaw(Passing, Raw):
    pass


class PassingFixed(Passing, Fixed):
    pass


class QuotingRaw(Quoting, Raw):
    pass


class PassingQuoting(Passing, Quoting, Raw):
    pass


def view(request):
    os.system(PassingRaw().shown(request.GET["a"]))  # bad: command
    os.system(PassingFixed().shown(request.GET["a"]))  # ok: command
    os.system(QuotingRaw().shown(request.GET["a"]))  # ok: command
    os.system(PassingQuoting().shown(request.GET["a"]))  # ok: command


class Command:
    def command(self):
        return super().command()


class FromAddress(View):
    def command(self):
        return self.request.GET["a"]


class FromQuoted(View):
    def command(self):
        return shlex.quote(self.request.GET["a"])


class Runs(Command, FromAddress):
    def get(self, request):
        os.system(self.command())  # bad: command


class RunsQuoted(Command, FromQuoted):
    def get(self, request):
        os.system(self.command())  # ok: command
