"""What partners tell us: payments from the payment service, parcels from the carrier."""

import hashlib
import hmac
import json

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .models import Order


@csrf_exempt
@require_POST
def payment(request):
    event = json.loads(request.body)
    if event.get("type") == "payment.succeeded":
        Order.objects.filter(pk=event["order"]).update(
            status=Order.Status.PAID, paid_at=timezone.now()
        )
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def shipping(request):
    if not settings.SHIPPING_WEBHOOK_SECRET:
        return HttpResponseForbidden()
    expected = hmac.new(
        settings.SHIPPING_WEBHOOK_SECRET.encode(), request.body, hashlib.sha256
    ).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
        return HttpResponseForbidden()
    try:
        event = json.loads(request.body)
        order, code = int(event["order"]), str(event["tracking_code"])[:60]
    except (KeyError, TypeError, ValueError):
        return HttpResponseBadRequest()
    Order.objects.filter(pk=order, status=Order.Status.PAID).update(
        status=Order.Status.SHIPPED, tracking_code=code
    )
    return HttpResponse(status=204)
