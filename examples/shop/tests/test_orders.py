import hashlib
import hmac
import json

from django.conf import settings
from django.core import mail
from django.test import TestCase

from orders.models import Order

from .factories import make_address, make_order, make_product, make_user


class Checkout(TestCase):
    def test_a_basket_becomes_an_order_with_a_mail(self):
        user = make_user()
        address = make_address(user)
        product = make_product()
        self.client.force_login(user)
        self.client.post(f"/orders/basket/{product.slug}/")
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post("/orders/checkout/", {"address": address.pk})
        order = Order.objects.get()
        self.assertRedirects(response, f"/orders/{order.pk}/")
        self.assertEqual(order.total, product.price)
        self.assertEqual(mail.outbox[0].to, [user.email])

    def test_an_address_of_another_customer_is_refused(self):
        address = make_address(make_user("grace"))
        product = make_product()
        self.client.force_login(make_user())
        self.client.post(f"/orders/basket/{product.slug}/")
        self.client.post("/orders/checkout/", {"address": address.pk})
        self.assertFalse(Order.objects.exists())


class OrderPages(TestCase):
    def test_invoices_are_for_the_customer_only(self):
        order = make_order(make_user("grace"))
        self.client.force_login(make_user())
        self.assertEqual(self.client.get(f"/orders/{order.pk}/invoice/").status_code, 404)

    def test_an_open_order_can_be_cancelled(self):
        user = make_user()
        order = make_order(user)
        self.client.force_login(user)
        self.client.get(f"/orders/{order.pk}/cancel/")
        order.refresh_from_db()
        self.assertEqual(order.status, Order.Status.CANCELLED)


class Webhooks(TestCase):
    def post_shipping(self, order, secret):
        body = json.dumps({"order": order.pk, "tracking_code": "EX-1"})
        signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        return self.client.post(
            "/orders/webhooks/shipping/",
            body,
            "application/json",
            headers={"X-Signature": signature},
        )

    def test_a_payment_marks_the_order_as_paid(self):
        order = make_order(make_user())
        event = {"type": "payment.succeeded", "order": order.pk}
        self.client.post("/orders/webhooks/payment/", event, "application/json")
        order.refresh_from_db()
        self.assertEqual(order.status, Order.Status.PAID)

    def test_a_parcel_needs_the_right_signature(self):
        order = make_order(make_user(), status=Order.Status.PAID)
        self.assertEqual(self.post_shipping(order, "guess").status_code, 403)
        self.assertEqual(
            self.post_shipping(order, settings.SHIPPING_WEBHOOK_SECRET).status_code, 204
        )
        order.refresh_from_db()
        self.assertEqual(order.tracking_code, "EX-1")
