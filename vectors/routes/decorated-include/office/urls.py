from django.contrib.admin.views.decorators import staff_member_required
from django.urls import include, path

from . import views
from .decorate import decorated, required

rooms = [path("", views.rooms, name="rooms"), path("<int:room>/", include([path("key/", views.key, name="key")]))]

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("rooms/", include(required(rooms))),
    path("desks/", include(("office.desks", "desks"), namespace="desks")),
    path("safe/", include((decorated(staff_member_required, [path("", views.Safe.as_view(), name="safe")]), "safe"))),
]
urlpatterns += required([path("lockers/", views.lockers, name="lockers")])
