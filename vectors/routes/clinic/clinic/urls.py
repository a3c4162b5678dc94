import importlib

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

from clinic.api import urls as api_urls
from clinic.views import Home, errors
from clinic.views.health import live, ready

app_patterns = [
    path("patients/", include("clinic.apps.patients.urls", namespace="patients")),
    path("visits/", include("clinic.apps.visits.urls")),
]

if "clinic.apps.billing" in settings.INSTALLED_APPS:
    app_patterns += [path("billing/", include("clinic.apps.billing.urls"))]

plugin_patterns = []
for name in settings.PLUGINS:
    module = importlib.import_module(f"{name}.urls")
    plugin_patterns.append(path(f"{name.rpartition('.')[2]}/", include((module.urlpatterns, name.split(".")[-1]))))

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("health/", include([path("live", live), path("ready", ready, name="ready")])),
    path("desk/", include(app_patterns)),
    path("plugins/", include((plugin_patterns, "plugins"))),
    path(settings.API_PREFIX, include(api_urls, namespace="v1")),
    re_path(rf"^{settings.API_PREFIX}", errors.no_such_endpoint),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    *(path(old, RedirectView.as_view(pattern_name=new)) for old, new in [("start", "home"), ("begin", "home")]),
]

if settings.FEATURES["booking"]:
    urlpatterns += [path("book/", include("clinic.apps.visits.booking"))]
if settings.FEATURES.get("chat"):
    urlpatterns += [path("chat/", include("clinic.apps.chat.urls"))]
if settings.DEBUG:
    urlpatterns += [path(f"error/{code}/", getattr(errors, f"error_{code}")) for code in (404, 500)]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

handler500 = errors.error_500
