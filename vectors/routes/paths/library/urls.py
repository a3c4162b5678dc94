from django.urls import include, path, re_path

import books.urls
from books import views
from library import staff

loans = [
    path("", views.loans, name="loans"),
    path("<isbn:isbn>/return/", views.give_back, name="return"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("books/", include("books.urls")),
    path("archive/", include("books.urls", namespace="archive")),
    path("module/", include(books.urls, namespace="by-module")),
    path("loans/", include((loans, "loans"))),
    path("my/", include((loans, "loans"), namespace="mine")),
    path("late/", include([path("", views.loans), path("<int:days>/", views.loans, {"late": True}, "late")])),
    re_path(r"^shelf/(\d+)/(?:row/)?(?P<row>[a-z]+)/$", views.shelf, name="shelf"),
    re_path(r"^legacy/", include([re_path(r"^old-(?P<pk>\d+)\.html$", views.shelf, name="old")])),
    re_path("^(?:nl|de)/about$", view=views.about, name="about"),
    path(route="contact", view=views.contact, kwargs={"short": True}, name="contact"),
    path("staff/", include(staff)),
    path("branches/<slug:branch>/", include("library.branch")),
    path("files/<path:where>", views.file),
    path("keys/<uuid:key>/<key>/", views.key, name="key"),
]

handler404 = "books.views.not_found"
