from django.contrib.auth.models import User
from django.db import models


class Animal(models.Model):
    name = models.CharField(max_length=80)
    keeper = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)


class Cage(models.Model):
    number = models.IntegerField()


class Keeper(User):
    class Meta:
        proxy = True


class Meal(models.Model):
    animal = models.ForeignKey(Animal, on_delete=models.CASCADE)


class Visit(models.Model):
    day = models.DateField()
