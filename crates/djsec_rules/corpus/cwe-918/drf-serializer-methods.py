# Methods of a serializer get what was sent.
import requests
from rest_framework import serializers


class HookSerializer(serializers.Serializer):
    url = serializers.CharField()
    count = serializers.IntegerField()

    def validate_url(self, value):
        requests.head(value)  # bad: ssrf
        return value

    def validate(self, attrs):
        requests.head(attrs["url"])  # bad: ssrf
        return attrs

    def create(self, validated_data):
        requests.post(validated_data["url"])  # bad: ssrf
        requests.post("https://%s" % validated_data["count"])  # ok: ssrf
