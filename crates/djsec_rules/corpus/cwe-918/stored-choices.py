# A column with choices holds one of them.
import requests
from django.shortcuts import get_object_or_404

from shop.models import Hook


def view(request, pk):
    hook = get_object_or_404(Hook, pk=pk)
    requests.get("https://%s.example.com/" % hook.server)  # ok: ssrf
    requests.get("https://%s.example.com/" % hook.label)  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    server = models.CharField(max_length=2, choices=[("a", "A"), ("b", "B")])
    label = models.CharField(max_length=20)
