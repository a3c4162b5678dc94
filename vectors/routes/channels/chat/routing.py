from django.urls import path, re_path

from . import consumers
from .consumers import OpenConsumer

websocket_urlpatterns = [
    re_path(r"^ws/rooms/(?P<room>[\w-]+)/$", consumers.RoomConsumer.as_asgi(), name="room-socket"),
    path("ws/staff/", consumers.StaffConsumer.as_asgi()),
    path("ws/open/<uuid:key>/", OpenConsumer.as_asgi(groups=["all"])),
]

api_urlpatterns = []
for kind, consumer in [("open", OpenConsumer), ("plain", consumers.PlainConsumer)]:
    api_urlpatterns.append(path(f"{kind}/", consumer.as_asgi()))

deep_urlpatterns = [re_path(r"(?P<pk>\d+)/$", consumers.RoomConsumer.as_asgi())]
