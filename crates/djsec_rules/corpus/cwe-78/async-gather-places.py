# What is gathered comes back in its order.
import asyncio
import os


async def sent(request):
    return request.GET["folder"]


async def fixed():
    return "ls"


async def view(request):
    results = await asyncio.gather(sent(request), fixed())
    os.system(results[0])  # bad: command
    os.system(results[1])  # ok: command
    first, second = await asyncio.gather(fixed(), sent(request))
    os.system(first)  # ok: command
    os.system(second)  # bad: command
