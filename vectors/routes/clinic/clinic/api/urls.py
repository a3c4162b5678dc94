from django.urls import include, path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter(trailing_slash=False)
for prefix, viewset in views.VIEWSETS:
    router.register(prefix, viewset, basename=prefix)

app_name = "api"
urlpatterns = [
    path("me", views.Me.as_view(), name="me"),
    path("hooks/<slug:partner>", views.hook, name="hook"),
    path("", include(router.urls)),
]
urlpatterns += router.urls[:1]
