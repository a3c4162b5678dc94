# Code that is compiled first.
def view(request):
    code = compile(request.POST["code"], "<sent>", "exec")  # bad: code
    return code
