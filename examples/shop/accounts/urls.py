from django.contrib.auth import views as auth_views
from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.login_view, name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("register/", views.register, name="register"),
    path("profile/", views.profile, name="profile"),
    path("addresses/new/", views.address_edit, name="address-new"),
    path("addresses/<int:pk>/", views.address_edit, name="address-edit"),
    path("newsletter/unsubscribe/", views.newsletter_unsubscribe, name="unsubscribe"),
    path("currency/", views.set_currency, name="currency"),
]
