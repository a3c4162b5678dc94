# The fields that a form takes from its model.
import requests
from django import forms

from shop.models import Hook


class HookForm(forms.ModelForm):
    class Meta:
        model = Hook
        fields = ["url", "port"]


def view(request):
    form = HookForm(request.POST)
    if form.is_valid():
        requests.get(form.cleaned_data["url"])  # bad: ssrf
        requests.get("https://example.com:%s" % form.cleaned_data["port"])  # ok: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
