# Django's serializers make rows of any model.
from django.core import serializers


def view(request):
    for row in serializers.deserialize("json", request.body):  # bad: deserialize
        row.save()
