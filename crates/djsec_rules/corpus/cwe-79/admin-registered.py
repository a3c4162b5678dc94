# The class of the admin is registered by a call.
from django.contrib import admin
from django.utils.safestring import mark_safe

from shop.models import Review


class ReviewAdmin(admin.ModelAdmin):
    def shown(self, obj):
        return mark_safe("<b>" + obj.text + "</b>")  # bad: html


admin.site.register(Review, ReviewAdmin)
# --- models.py
from django.db import models


class Review(models.Model):
    text = models.TextField()
