import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")

# Consumers need the apps to be loaded.
django_asgi_app = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ChannelNameRouter, ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path, re_path  # noqa: E402

import chat.routing  # noqa: E402
from chat.consumers import EventConsumer, WorkConsumer  # noqa: E402
from chat.middleware import TokenAuthStack, counted  # noqa: E402
from live.routing import websocket_urlpatterns as live_patterns  # noqa: E402

patterns = [
    *chat.routing.websocket_urlpatterns,
    path("api/", TokenAuthStack(URLRouter(chat.routing.api_urlpatterns))),
    path("nested/<int:shop>/", URLRouter([path("deep/", URLRouter(chat.routing.deep_urlpatterns))])),
]
if settings.LIVE:
    patterns += live_patterns

application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                path("events/<int:pk>/", AuthMiddlewareStack(EventConsumer.as_asgi()), name="events"),
                re_path(r"", django_asgi_app),
            ]
        ),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(counted(URLRouter(patterns)))),
        "channel": ChannelNameRouter({"work": WorkConsumer.as_asgi()}),
    }
)
