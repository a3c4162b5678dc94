from django.conf import settings
from django.urls import include, path, re_path
from rest_framework import routers
from rest_framework.routers import DefaultRouter, SimpleRouter
from rest_framework_nested.routers import NestedDefaultRouter, NestedSimpleRouter

from fleet import viewsets as v
from fleet.routing import BulkRouter, QuietRouter, register_all

router = routers.DefaultRouter()
router.register(r"ships", v.ShipViewSet)
router.register("harbours", v.HarbourViewSet, basename="harbour")
router.register(r"crew", v.CrewViewSet, "crew")
router.register("logs", v.LogViewSet, basename="log")

plain = SimpleRouter()
plain.register("ships", v.ReadOnlyShips, basename="public-ship")
plain.register(r"ports/(?P<port>[a-z]+)/ships", v.ReadOnlyShips, basename="port-ship")
plain.register("", v.PingViewSet, basename="ping")

slashless = DefaultRouter(trailing_slash=False)
slashless.include_root_view = False
slashless.include_format_suffixes = False
slashless.register("cargo", v.CargoViewSet)

modern = SimpleRouter(use_regex_path=False)
modern.register("cargo", v.ConvertedCargo, basename="modern-cargo")

nested = NestedSimpleRouter(router, r"ships", lookup="ship")
nested.register(r"cargo", v.CargoViewSet, basename="ship-cargo")
deep = NestedDefaultRouter(nested, "cargo", lookup="box")
deep.register("items", v.LogViewSet, basename="ship-cargo-item")

combined = DefaultRouter()
combined.registry.extend(plain.registry)
combined.registry.extend(slashless.registry)

bulk = BulkRouter()
bulk.register("harbours", v.HarbourViewSet, basename="bulk-harbour")

quiet = QuietRouter()
register_all(quiet, {"logs": v.LogViewSet, "crew": v.CrewViewSet})

debug_router = DefaultRouter() if settings.DEBUG else SimpleRouter()
debug_router.register("logs", v.LogViewSet, basename="debug-log")

urlpatterns = [
    path("api/", include(router.urls)),
    path("api/", include(nested.urls)),
    path("api/", include(deep.urls)),
    path("v2/", include((plain.urls, "fleet"), namespace="v2")),
    path("", include(slashless.urls)),
    path("modern/", include(modern.urls)),
    re_path(r"^(?P<version>v[34])/", include((combined.urls, "combined"))),
    path("bulk/", include(bulk.urls)),
    path("debug/", include(debug_router.urls)),
]
urlpatterns += quiet.urls
