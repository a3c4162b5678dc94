from django.urls import include, path
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt
from rest_framework import permissions
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.schemas import get_schema_view
from rest_framework.urlpatterns import format_suffix_patterns

from songs import views
from songs.views import SongViewSet

song_list = SongViewSet.as_view({"get": "list", "post": "create"})
song_detail = SongViewSet.as_view(
    {"get": "retrieve", "put": "update", "delete": "destroy"}, permission_classes=[permissions.IsAdminUser]
)

suffixed = format_suffix_patterns(
    [path("songs/", song_list, name="song-list"), path("songs/<int:pk>/", song_detail, name="song-detail")],
    allowed=["json", "html"],
)

urlpatterns = [
    path("", views.root, name="root"),
    path("now/", views.now_playing, name="now"),
    path("vote/", views.vote, name="vote"),
    path("stats/", views.stats, name="stats"),
    path("wish/", views.WishView.as_view(), name="wish"),
    path("open/", views.OpenWishView.as_view(), name="open-wish"),
    path("weak/", views.WishView.as_view(permission_classes=[]), name="weak-wish"),
    path("cached/", cache_page(60)(views.WishView.as_view()), name="cached-wish"),
    path("exempt/", csrf_exempt(views.WishView.as_view()), name="exempt-wish"),
    path("artists/", views.ArtistList.as_view(), name="artists"),
    path("artists/<int:pk>/", views.ArtistDetail.as_view(), name="artist"),
    path("hosts/", views.HostList.as_view(), name="hosts"),
    path("decorated/", views.Decorated.as_view()),
    path("inherits-decorated/", views.InheritsDecorated.as_view()),
    path("search/", SongViewSet.as_view(actions={"get": "search"}), name="search"),
    path("token/", obtain_auth_token, name="token"),
    path("schema/", get_schema_view(title="Radio"), name="schema"),
    path("api-auth/", include("rest_framework.urls")),
    path("api-auth-2/", include("rest_framework.urls", namespace="rest")),
]
urlpatterns += suffixed
urlpatterns = format_suffix_patterns(urlpatterns[:2], suffix_required=False) + urlpatterns[2:]
