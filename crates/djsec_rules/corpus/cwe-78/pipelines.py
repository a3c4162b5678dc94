# Generators that feed each other, and work that is spread over threads.
import asyncio
import os
from concurrent.futures import ThreadPoolExecutor, as_completed


def read(request):
    yield from request.GET.getlist("command")


def stripped(lines):
    for line in lines:
        yield line.strip()


def counted(lines):
    for line in lines:
        yield "echo %d" % len(line)


def run(command):
    os.system(command)  # bad: command
    return command


def measure(command):
    return len(command)


def view(request):
    for command in stripped(read(request)):
        os.system(command)  # bad: command
    for command in counted(stripped(read(request))):
        os.system(command)  # ok: command
    with ThreadPoolExecutor() as pool:
        for result in pool.map(run, read(request)):
            os.system(result)  # bad: command
        for size in pool.map(measure, read(request)):
            os.system("echo %d" % size)  # ok: command
        future = pool.submit(run, request.GET["command"])
        os.system(future.result())  # bad: command
        for done in as_completed([future]):
            os.system(done.result())  # bad: command


async def later(request):
    async def one(command):
        return command.upper()

    first, second = await asyncio.gather(one(request.GET["command"]), one("ls"))
    os.system(first)  # bad: command
    result = await asyncio.wait_for(one(request.GET["command"]), timeout=3)
    os.system(result)  # bad: command
