# A pool of threads runs a function with its arguments.
import os
from concurrent.futures import ThreadPoolExecutor


def run(command):
    os.system(command)  # bad: command


def view(request):
    with ThreadPoolExecutor() as pool:
        pool.submit(run, request.GET["command"])
