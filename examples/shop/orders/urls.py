from django.urls import path

from . import views, webhooks

app_name = "orders"

urlpatterns = [
    path("", views.order_list, name="order-list"),
    path("basket/<slug:slug>/", views.basket_add, name="basket-add"),
    path("checkout/", views.checkout, name="checkout"),
    path("<int:pk>/", views.order_detail, name="order-detail"),
    path("<int:pk>/invoice/", views.invoice, name="invoice"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/reorder/", views.reorder, name="reorder"),
    path("webhooks/payment/", webhooks.payment, name="webhook-payment"),
    path("webhooks/shipping/", webhooks.shipping, name="webhook-shipping"),
]
