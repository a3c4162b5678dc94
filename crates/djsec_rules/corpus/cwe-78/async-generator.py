# An asynchronous generator gives what it yields, and is sent work with `asend`.
import os


async def commands(request):
    yield "ls " + request.GET["folder"]


async def runner():
    while True:
        command = yield
        os.system(command)  # bad: command


async def view(request):
    async for command in commands(request):
        os.system(command)  # bad: command
    running = runner()
    await running.asend(None)
    await running.asend(request.GET["command"])
    listed = [command async for command in commands(request) if command.isalnum()]
    os.system(listed[0])  # ok: command
