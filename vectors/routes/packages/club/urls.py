from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.flatpages.views import flatpage
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
    token_refresh,
)

urlpatterns = [
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="own-login"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("members/", include("allauth.urls")),
    path("rest/", include("dj_rest_auth.urls")),
    path("rest/registration/", include("dj_rest_auth.registration.urls")),
    path("browse/", include("rest_framework.urls", namespace="rest_framework")),
    path("token/", TokenObtainPairView.as_view(), name="token"),
    path("token/refresh/", TokenRefreshView.as_view(), name="token-refresh"),
    path("token/refresh-too/", token_refresh),
    path("token/verify/", TokenVerifyView.as_view(), name="token-verify"),
    path("token/end/", TokenBlacklistView.as_view(), name="token-end"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("schema/ui/", SpectacularSwaggerView.as_view(url_name="schema"), name="swagger"),
    path("schema/redoc/", SpectacularRedocView.as_view(url_name="schema", permission_classes=[]), name="redoc"),
    path("pages/", include("django.contrib.flatpages.urls")),
    path("about/", flatpage, {"url": "/about/"}, name="about"),
]

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
