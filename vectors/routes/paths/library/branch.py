from django.urls import include, path

from books.views import branch, opening_hours

app_name = "branch"
rooms = ([path("", opening_hours, name="hours"), path("<int:room>/", opening_hours)], "rooms")

urlpatterns = [path("", branch, name="index"), path("rooms/", include(rooms, namespace="space"))]
