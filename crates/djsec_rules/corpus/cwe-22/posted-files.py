# What is posted under a name is a text or a file: only files have a name, and Django leaves no folders in that.
import os

from rest_framework.response import Response
from rest_framework.views import APIView


class Upload(APIView):
    def post(self, request):
        if "attachment" in request.data:
            sent = request.data["attachment"]
        else:
            sent = request.data.get("file")
        with open(os.path.join("/srv/in", sent.name), "wb") as out:  # ok: path
            out.write(sent.read())
        folder = request.data["folder"]
        with open(os.path.join("/srv", folder, sent.name), "wb") as out:  # bad: path
            out.write(b"")
        return Response()
