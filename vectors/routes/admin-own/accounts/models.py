from django.db import models


class Account(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Transfer(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
