# The visitor chooses the expression.
import re


def view(request):
    re.search(request.GET["pattern"], "text")  # bad: regex
    re.compile("^" + request.GET["pattern"]).match("text")  # bad: regex
    re.search(re.escape(request.GET["pattern"]), "text")  # ok: regex
    re.search("a+", request.GET["text"])  # ok: regex
