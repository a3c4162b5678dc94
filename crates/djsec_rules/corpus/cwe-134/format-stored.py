# A format that stands in a row.
from shop.models import Letter


def view(request, pk):
    letter = Letter.objects.get(pk=pk)
    return letter.greeting.format(user=request.user)  # bad: format
# --- models.py
from django.db import models


class Letter(models.Model):
    greeting = models.CharField(max_length=100)
