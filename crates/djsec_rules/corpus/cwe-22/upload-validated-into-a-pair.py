# A serializer that makes a pair of an upload: its name is that of a file, without folders.
from pathlib import Path

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView


class UploadSerializer(serializers.Serializer):
    document = serializers.FileField()
    folder = serializers.CharField()

    def validate_document(self, document):
        return document.name, document.read()


class Upload(APIView):
    def post(self, request):
        serializer = UploadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        name, data = serializer.validated_data["document"]
        Path("/srv/in", name).write_bytes(data)  # ok: path
        folder = serializer.validated_data["folder"]
        Path("/srv", folder, "note").write_bytes(b"")  # bad: path
        return Response()
