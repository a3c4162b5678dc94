# A column of the admin that marks a row's text as safe.
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from shop.models import Review


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["shown", "formatted"]

    def shown(self, obj):
        return mark_safe("<b>" + obj.text + "</b>")  # bad: html

    def formatted(self, obj):
        return format_html("<b>{}</b>", obj.text)  # ok: html
# --- models.py
from django.db import models


class Review(models.Model):
    text = models.TextField()
