# What filters give are rows, whichever of two filters is chosen; their texts are stored, and the filter's are not.
import csv

import django_filters
from django.http import HttpResponse

from shop.models import Order


class ByName(django_filters.FilterSet):
    name = django_filters.CharFilter()


class ByCity(django_filters.FilterSet):
    city = django_filters.CharFilter()


class Own:
    def __init__(self, data):
        self.data = data

    @property
    def qs(self):
        return [self.data]


def chosen(request):
    choice = ByName if request.user.is_staff else ByCity
    return choice(request.GET, queryset=Order.objects.all())


def export(request):
    writer = csv.writer(HttpResponse(content_type="text/csv"))
    for order in chosen(request).qs:
        writer.writerow([order])  # ok: spreadsheet
    for order in ByName(request.GET, queryset=Order.objects.all()).qs:
        writer.writerow([order])  # ok: spreadsheet
    for row in Own(request.GET["row"]).qs:
        writer.writerow([row])  # bad: spreadsheet
# --- models.py
from django.db import models


class Order(models.Model):
    number = models.IntegerField()
