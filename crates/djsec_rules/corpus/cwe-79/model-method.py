# A method of a model that gives HTML.
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import mark_safe


class Review(models.Model):
    text = models.TextField()

    def html(self):
        return mark_safe("<p>" + self.text)  # bad: html

    def safe_html(self):
        return format_html("<p>{}", self.text)  # ok: html
