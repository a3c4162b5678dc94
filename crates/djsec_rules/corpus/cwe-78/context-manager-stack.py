# An `ExitStack` gives what the context managers that it enters give.
import os
from contextlib import AsyncExitStack, ExitStack, contextmanager


@contextmanager
def command(text):
    yield "ls " + text


class Fixed:
    def __init__(self, text):
        self.text = text

    def __enter__(self):
        return "ls /srv"

    def __exit__(self, *error):
        return False


def view(request):
    with ExitStack() as stack:
        os.system(stack.enter_context(command(request.GET["folder"])))  # bad: command
        os.system(stack.enter_context(command("/srv")))  # ok: command
        os.system(stack.enter_context(Fixed(request.GET["folder"])))  # ok: command


async def later(request):
    async with AsyncExitStack() as stack:
        text = stack.enter_context(command(request.GET["folder"]))
        os.system(text)  # bad: command
