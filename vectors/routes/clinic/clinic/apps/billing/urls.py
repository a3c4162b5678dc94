from django.urls import include, path

from clinic.apps.billing import views

app_name = "billing"
invoice = [
    path("", views.invoice, name="invoice"),
    path("pay/", views.pay, name="pay"),
]
urlpatterns = [path("invoices/<uuid:number>/", include(invoice)), path("payments/", views.pay)]
