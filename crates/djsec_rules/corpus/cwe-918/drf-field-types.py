# What fields of serializers let through, one by one, in lists and in each other.
import requests
from rest_framework import serializers
from rest_framework.decorators import api_view


class TargetSerializer(serializers.Serializer):
    url = serializers.URLField()
    port = serializers.IntegerField()


class HookSerializer(serializers.Serializer):
    target = TargetSerializer()
    server = serializers.ChoiceField(choices=["a", "b"])
    slug = serializers.SlugField()
    host = serializers.RegexField(r"^[a-z]+$")
    tags = serializers.ListField(child=serializers.CharField())
    sizes = serializers.ListField(child=serializers.IntegerField())
    extra = serializers.DictField()


@api_view(["POST"])
def view(request):
    serializer = HookSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    requests.get(data["target"]["url"])  # bad: ssrf
    requests.get("https://example.com:%s" % data["target"]["port"])  # ok: ssrf
    requests.get("https://%s" % data["server"])  # ok: ssrf
    requests.get("https://%s" % data["slug"])  # ok: ssrf
    requests.get("https://%s" % data["host"])  # ok: ssrf
    requests.get(data["tags"][0])  # bad: ssrf
    requests.get("https://%s" % data["sizes"][0])  # ok: ssrf
    requests.get(data["extra"]["url"])  # bad: ssrf


@api_view(["POST"])
def many(request):
    serializer = TargetSerializer(data=request.data, many=True)
    serializer.is_valid(raise_exception=True)
    for one in serializer.validated_data:
        requests.get(one["url"])  # bad: ssrf
        requests.get("https://example.com:%s" % one["port"])  # ok: ssrf
