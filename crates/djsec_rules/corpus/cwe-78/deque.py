# A queue of the standard library.
import os
from collections import deque


def view(request):
    queue = deque()
    queue.append(request.GET["command"])
    os.system(queue.popleft())  # bad: command
