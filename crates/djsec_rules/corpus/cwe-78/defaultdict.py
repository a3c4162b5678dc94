# A dict of lists that is filled as it is read.
import os
from collections import defaultdict


def view(request):
    groups = defaultdict(list)
    groups["a"].append(request.GET["folder"])
    os.system(" ".join(groups["a"]))  # bad: command
