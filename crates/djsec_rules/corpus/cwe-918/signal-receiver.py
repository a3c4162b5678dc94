# A receiver of a signal gets the row that was saved.
import requests
from django.db.models.signals import post_save
from django.dispatch import receiver

from shop.models import Hook


@receiver(post_save, sender=Hook)
def call(sender, instance, created, **kwargs):
    requests.get(instance.url)  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
