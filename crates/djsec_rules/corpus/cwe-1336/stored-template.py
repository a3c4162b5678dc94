# A template that stands in a row.
from django.template import Template

from shop.models import Letter


def view(request, pk):
    letter = Letter.objects.get(pk=pk)
    return Template(letter.body)  # bad: template
# --- models.py
from django.db import models


class Letter(models.Model):
    body = models.TextField()
