# A text behind two relations.
import requests

from shop.models import Order


def view(request, pk):
    order = Order.objects.select_related("hook").get(pk=pk)
    requests.get(order.hook.url)  # bad: ssrf
    for other in order.hook.order_set.all():
        requests.get(other.hook.url)  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)


class Order(models.Model):
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE)
