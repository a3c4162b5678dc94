from django.db import models


class Harbour(models.Model):
    code = models.SlugField(unique=True)


class Ship(models.Model):
    name = models.CharField(max_length=80)
    captain = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Cargo(models.Model):
    ship = models.ForeignKey(Ship, on_delete=models.CASCADE)
    number = models.CharField(max_length=20)
