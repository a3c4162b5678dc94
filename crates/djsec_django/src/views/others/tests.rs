use crate::routes::Origin;
use crate::views::ViewKind;
use crate::views::tests::Found;

const CONSUMERS: &str = r"
from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer


class Open(WebsocketConsumer):
    def connect(self):
        self.accept()


class Silent(AsyncWebsocketConsumer):
    pass


class Users(AsyncWebsocketConsumer):
    async def connect(self):
        if self.scope['user'].is_anonymous:
            await self.close()
        else:
            await self.accept()


class Staff(AsyncWebsocketConsumer):
    async def connect(self):
        if not self.scope['user'].is_staff:
            return await self.close(code=4403)
        await self.accept()


class Inherits(Users):
    async def connect(self):
        await super().connect()


class Replaces(Users):
    async def connect(self):
        await self.accept()


class Denies(WebsocketConsumer):
    def connect(self):
        if not self.scope['user'].is_authenticated:
            raise DenyConnection
        self.accept()
";

/// A project whose `application` is this.
fn found(application: &str) -> Found {
    let asgi = format!(
        "from channels.auth import AuthMiddlewareStack\n\
         from channels.routing import ProtocolTypeRouter, URLRouter\n\
         from django.core.asgi import get_asgi_application\nfrom django.urls import path\n\
         from shop import consumers\nfrom shop.middleware import Token\n\
         application = {application}\n"
    );
    Found::of(&[
        ("settings.py", "ROOT_URLCONF = 'urls'\nASGI_APPLICATION = 'asgi.application'\n"),
        ("urls.py", "urlpatterns = []\n"),
        ("asgi.py", &asgi),
        ("shop/__init__.py", ""),
        ("shop/consumers.py", CONSUMERS),
        (
            "shop/middleware.py",
            "class Token:\n    def __init__(self, app):\n        self.app = app\n    \
             async def __call__(self, scope, receive, send):\n        \
             return await self.app(scope, receive, send)\n",
        ),
    ])
}

#[test]
fn a_consumer_lets_in_those_whom_it_accepts() {
    let names = ["Open", "Silent", "Users", "Staff", "Inherits", "Replaces", "Denies"];
    let routes: Vec<String> =
        names.iter().map(|name| format!("path('{name}', consumers.{name}.as_asgi())")).collect();
    let found = found(&format!(
        "ProtocolTypeRouter({{'http': get_asgi_application(), \
         'websocket': AuthMiddlewareStack(URLRouter([{}]))}})",
        routes.join(", ")
    ));
    for (name, level) in names.iter().zip([
        "public",
        "public",
        "authenticated",
        "staff",
        "authenticated",
        "public",
        "authenticated",
    ]) {
        assert_eq!(found.access(name), format!("* {level}"), "{name}");
        assert_eq!(found.view(name).kind, ViewKind::Consumer, "{name}");
    }
}

#[test]
fn applications_nest_and_what_is_not_known_is_a_gap() {
    let nested = found(
        "ProtocolTypeRouter({'websocket': Token(URLRouter([path('a/', Token(app=URLRouter([\
         path('b/', Token(consumers.Users.as_asgi()))]))), path('c/', make())]))})",
    );
    assert_eq!(nested.access("a/b/"), "* authenticated");
    let routes = &nested.routes().routes;
    assert_eq!(routes.len(), 2);
    assert!(routes.iter().all(|route| route.origin == Origin::WebSocket));
    assert_eq!(routes[0].wrappers.len(), 3);
    assert!(nested.access("c/").contains("unknown"), "{}", nested.access("c/"));

    let unknown = found("ProtocolTypeRouter({'websocket': make()})");
    assert_eq!((unknown.routes().routes.len(), unknown.routes().gaps.len()), (0, 1));
    for none in ["get_asgi_application()", "ProtocolTypeRouter({'http': get_asgi_application()})"] {
        let none = found(none);
        assert_eq!((none.routes().routes.len(), none.routes().gaps.len()), (0, 0));
    }
}
