# The type and the content of an uploaded file are what the client says.
import requests


def view(request):
    upload = request.FILES["a"]
    requests.get("https://" + upload.content_type)  # bad: ssrf
    requests.get(upload.read().decode())  # bad: ssrf
    for chunk in upload.chunks():
        requests.get(chunk.decode())  # bad: ssrf
