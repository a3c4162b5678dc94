# What a storage keeps under a key is not made of the key; what somebody else answers may be.
import boto3
from django.http import HttpResponse


def page(request):
    storage = boto3.client("s3")
    found = storage.get_object(Bucket="pages", Key=request.path.lstrip("/") + "index.html")
    return HttpResponse(found["Body"].read())  # ok: html


def other(request):
    found = elsewhere().get_object(request.GET["name"])
    return HttpResponse(found)  # bad: html
