from functools import partial

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_not_required, login_required, permission_required, user_passes_test
from django.contrib.sitemaps.views import sitemap
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_page, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import ListView, RedirectView, TemplateView

import plants
import plants.views.api
from plants import views
from plants.decorators import audited, gardener_only, limited, unnamed
from plants.feeds import NewPlants
from plants.models import Plant
from plants.views import PlantDetail, classes as cbv

watering = never_cache(views.water)
is_gardener = user_passes_test(lambda user: user.is_staff)

urlpatterns = [
    # Functions.
    path("", views.home),
    path("api/", plants.views.api.index, name="api"),
    path("secret/", views.secret, name="secret"),
    path("open/", views.open_house, name="open"),
    path("post/", views.post_only, name="post"),
    path("stacked/<int:pk>/", views.stacked, name="stacked"),
    path("unnamed/", views.unnamed_view, name="unnamed"),
    path("lambda/", lambda request: HttpResponse("leaf"), name="lambda"),
    path("partial/", partial(views.season, season="spring"), name="partial"),
    path("twice/", partial(partial(views.season, season="spring"), year=2026), name="twice"),
    path("made/", views.made("rose"), name="made"),
    # Decorated here.
    path("login/", login_required(views.home), name="d-login"),
    path("cached/", cache_page(60 * 15)(views.home), name="d-cached"),
    path("both/", login_required(cache_page(60)(views.home)), name="d-both"),
    path("exempt/", csrf_exempt(require_POST(views.hook)), name="d-exempt"),
    path("get/", require_GET(views.home), name="d-get"),
    path("two/", require_http_methods(["GET", "PUT"])(views.home), name="d-two"),
    path("staff/", staff_member_required(PlantDetail.as_view()), name="d-staff"),
    path("perm/", permission_required("plants.add_plant", raise_exception=True)(views.home), name="d-perm"),
    path("test/", is_gardener(views.home), name="d-test"),
    path("own/", audited(views.home), name="d-own"),
    path("own-arguments/", limited(5, per="hour")(views.home), name="d-own-arguments"),
    path("own-unnamed/", unnamed(views.home), name="d-own-unnamed"),
    path("gardener/", gardener_only(cbv.PlantList.as_view()), name="d-gardener"),
    path("water/", watering, name="d-assigned"),
    path("not-required/", login_not_required(views.home), name="d-not-required"),
    # Classes.
    path("plants/", cbv.PlantList.as_view(), name="list"),
    path("plants/all/", cbv.PlantList.as_view(paginate_by=None, template_name="all.html"), name="all"),
    path("plants/<int:pk>/", PlantDetail.as_view(), name="detail"),
    path("plants/add/", views.PlantCreate.as_view(), name="add"),
    path("plants/<int:pk>/edit/", cbv.PlantUpdate.as_view(http_method_names=["get", "post"]), name="edit"),
    path("plants/<int:pk>/delete/", login_required(cbv.PlantDelete.as_view()), name="delete"),
    path("any/", ListView.as_view(model=Plant), name="any"),
    path("page/", TemplateView.as_view(template_name="page.html"), name="page"),
    path("old/", RedirectView.as_view(url="/plants/", permanent=True), name="old"),
    path("raw/", cbv.Raw.as_view(), name="raw"),
    path("raw/", cbv.ReadOnlyRaw.as_view(), name="raw-read"),
    path("dispatch/", cbv.Guarded.as_view(), name="guarded"),
    path("get-only/", cbv.GuardedGet.as_view(), name="guarded-get"),
    path("class-decorator/", cbv.PublicPage.as_view(), name="public"),
    path("form/", cbv.AskView.as_view(), name="form"),
    path("variable/", views.detail_view, name="variable"),
    path("async/", cbv.AsyncView.as_view(), name="async"),
    # Instances.
    path("feed/", NewPlants(), name="feed"),
    path("feed/<int:bed>/", NewPlants(), name="feed-bed"),
    path("callable/", views.Counter(start=3), name="callable"),
    path("decorated-feed/", cache_page(60)(NewPlants()), name="feed-cached"),
    path("bound/", views.counter.show, name="bound"),
    path("sitemap.xml", sitemap, {"sitemaps": {}}, name="sitemap"),
]
