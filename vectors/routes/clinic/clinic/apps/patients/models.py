from django.db import models


class Patient(models.Model):
    name = models.CharField(max_length=80)
    doctor = models.ForeignKey("auth.User", on_delete=models.PROTECT)

    class Meta:
        app_label = "patients"
