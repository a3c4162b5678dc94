# Code that the visitor sends.
import ast


def view(request):
    eval(request.GET["sum"])  # bad: code
    exec("x = " + request.POST["x"])  # bad: code
    ast.literal_eval(request.GET["sum"])  # ok: code
    eval("1 + 1")  # ok: code
