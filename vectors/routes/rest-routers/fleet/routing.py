"""Routers of our own."""

from rest_framework.routers import DefaultRouter, DynamicRoute, Route, SimpleRouter


class BulkRouter(SimpleRouter):
    """Lets lists be deleted, too."""

    routes = [
        Route(
            url=r"^{prefix}{trailing_slash}$",
            mapping={"get": "list", "post": "create", "delete": "bulk_destroy"},
            name="{basename}-list",
            detail=False,
            initkwargs={"suffix": "List"},
        ),
        DynamicRoute(
            url=r"^{prefix}/{url_path}{trailing_slash}$", name="{basename}-{url_name}", detail=False, initkwargs={}
        ),
        Route(
            url=r"^{prefix}/{lookup}{trailing_slash}$",
            mapping={"get": "retrieve"},
            name="{basename}-detail",
            detail=True,
            initkwargs={"suffix": "Instance"},
        ),
    ]


class QuietRouter(DefaultRouter):
    include_root_view = False
    include_format_suffixes = False

    def __init__(self):
        super().__init__(trailing_slash=False)


def register_all(router, viewsets):
    for prefix, viewset in viewsets.items():
        router.register(prefix, viewset, basename=f"quiet-{prefix}")
