from django.conf import settings
from django.conf.urls.static import static
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

from stages import views
from stages.pages import crud, numbered, pages

try:
    from festival.private import private_patterns
except ImportError:
    private_patterns = []

urlpatterns = [path("", views.home, name="home")]

for stage in settings.STAGE_NAMES:
    urlpatterns.append(path(f"stage/{stage}/", views.stage, {"stage": stage}, name=f"stage-{stage}"))

urlpatterns += [path(f"{year}/", views.year, {"year": year}) for year in range(2024, 2027) if year != 2025]
urlpatterns += pages(["about", "press"])
urlpatterns.extend(crud("band", views))
urlpatterns = urlpatterns + [path("volunteers/", include(crud("volunteer", views, prefix="v-")))]
urlpatterns += [*numbered(2), path("last/", views.home)]
urlpatterns += private_patterns

for prefix, module in {"food": "stages.food", "camp": "stages.camp"}.items():
    urlpatterns.append(path(prefix + "/", include(module)))

if settings.TICKETS:
    from stages import tickets

    urlpatterns.insert(0, path("tickets/", tickets.buy, name="tickets"))
else:
    urlpatterns.append(path("tickets/", views.closed, name="tickets"))

if settings.DEBUG:
    import debug_toolbar

    urlpatterns += [
        path("__debug__/", include(debug_toolbar.urls)),
        path("404/", views.broken, {"status": 404}),
    ]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
    urlpatterns += staticfiles_urlpatterns()

urlpatterns += static("uploads/", document_root="/srv/uploads")

if "debug_toolbar" in settings.INSTALLED_APPS and not settings.TICKETS:
    urlpatterns = [path("toolbar-check/", views.home), *urlpatterns]
