# A row that a visitor wrote earlier.
from django.http import HttpResponse
from django.utils.html import escape

from shop.models import Review


def view(request, pk):
    review = Review.objects.get(pk=pk)
    if request.user.is_staff:
        return HttpResponse(review.text)  # bad: html
    if request.user.is_active:
        return HttpResponse(escape(review.text))  # ok: html
    return HttpResponse(f"<b>{review.stars}</b>")  # ok: html
# --- models.py
from django.db import models


class Review(models.Model):
    text = models.TextField()
    stars = models.IntegerField()
