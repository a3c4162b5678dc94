# Where a payment page sends the visitor when they have paid.
import stripe


def pay(request):
    stripe.checkout.Session.create(
        mode="payment",
        success_url=request.POST["next"],  # bad: redirect
        cancel_url=request.build_absolute_uri("/cart/"),  # ok: redirect
    )


def manage(request):
    stripe.billing_portal.Session.create(
        customer=request.user.customer_id,
        return_url="https://shop.example.com/account/",  # ok: redirect
    )
