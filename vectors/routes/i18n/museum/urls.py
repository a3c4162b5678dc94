from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from . import views

rooms = [path(_("rooms/"), views.rooms, name="rooms"), re_path(_(r"^rooms/(?P<number>\d+)$"), views.room)]

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["museum"]), name="catalog"),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("tickets/"), include((rooms, "tickets"))),
    path("admin/", admin.site.urls),
)

urlpatterns += i18n_patterns(path("shop/", views.shop, name="shop"), prefix_default_language=False)
