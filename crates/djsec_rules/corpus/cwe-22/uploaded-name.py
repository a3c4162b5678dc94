# Django keeps only the last part of the name of an uploaded file.
def view(request):
    upload = request.FILES["report"]
    with open("/srv/" + upload.name, "wb") as target:  # ok: path
        target.write(upload.read())
    with open("/srv/" + request.POST["name"], "wb") as target:  # bad: path
        target.write(upload.read())
