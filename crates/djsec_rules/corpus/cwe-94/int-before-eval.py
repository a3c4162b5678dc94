# Numbers inside code are harmless.
def view(request):
    return eval("%d + %d" % (int(request.GET["a"]), int(request.GET["b"])))  # ok: code
