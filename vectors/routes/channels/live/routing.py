from django.urls import path

from chat.consumers import OpenConsumer

websocket_urlpatterns = [path("ws/live/", OpenConsumer.as_asgi())]
