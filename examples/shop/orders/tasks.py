from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from .models import Order


@shared_task
def send_confirmation(order_id):
    order = Order.objects.select_related("user").get(pk=order_id)
    text = render_to_string(
        "orders/confirmation.txt", {"order": order, "site_url": settings.SITE_URL}
    )
    send_mail(f"Your order {order.pk}", text, None, [order.user.email])


@shared_task
def cancel_unpaid():
    limit = timezone.now() - timedelta(days=7)
    Order.objects.filter(status=Order.Status.OPEN, created__lt=limit).update(
        status=Order.Status.CANCELLED
    )
