# An asynchronous generator is gone through with `async for`.
import os


async def folders(request):
    for name in request.GET.getlist("folder"):
        yield name


async def view(request):
    async for folder in folders(request):
        os.system("ls " + folder)  # bad: command
    names = [name async for name in folders(request)]
    os.system("ls " + names[0])  # bad: command
