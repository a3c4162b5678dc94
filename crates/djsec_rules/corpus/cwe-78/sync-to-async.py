# A function that is run in a thread gets what it is given.
import os

from asgiref.sync import sync_to_async


def run(command):
    os.system(command)  # bad: command


async def view(request):
    await sync_to_async(run)(request.GET["command"])
