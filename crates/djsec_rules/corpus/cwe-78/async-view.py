# Asynchronous views and helpers.
import asyncio


async def command_for(request):
    return "ls " + request.GET["folder"]


async def view(request):
    command = await command_for(request)
    await asyncio.create_subprocess_shell(command)  # bad: command
    await asyncio.create_subprocess_shell("ls /srv")  # ok: command
