# Coroutines that are run side by side give their results in a list.
import asyncio
import os


async def command_for(folder):
    return "ls " + folder


async def view(request):
    commands = await asyncio.gather(command_for(request.GET["a"]), command_for("/srv"))
    os.system(commands[0])  # bad: command
