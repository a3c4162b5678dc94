# Code that is compiled first: one mistake, told once, where the code is taken for code.
def view(request):
    code = compile(request.POST["code"], "<sent>", "exec")  # bad: code
    exec(code)
    return code
