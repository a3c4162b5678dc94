# Columns of the admin whatever they call the row, and in an inline.
from django.contrib import admin
from django.utils.safestring import mark_safe

from shop.models import Review


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["shown", "thumb", "stars"]

    def shown(self, review):
        return mark_safe("<b>" + review.text + "</b>")  # bad: html

    def thumb(self, review):
        return mark_safe(f"<img src='{review.image.url}'>")  # ok: html

    def stars(self, review):
        return mark_safe(f"<b>{review.stars}</b>")  # ok: html

    def helper(self, text):
        return mark_safe("<b>" + text + "</b>")  # ok: html


class ReviewInline(admin.TabularInline):
    model = Review
    readonly_fields = ["quoted"]

    def quoted(self, row):
        return mark_safe("<q>" + row.text + "</q>")  # bad: html
# --- models.py
from django.db import models


class Review(models.Model):
    text = models.TextField()
    image = models.ImageField()
    stars = models.IntegerField()
