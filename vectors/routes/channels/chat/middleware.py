from channels.auth import AuthMiddlewareStack
from channels.middleware import BaseMiddleware


class TokenAuth(BaseMiddleware):
    async def __call__(self, scope, receive, send):
        scope["token"] = dict(scope["headers"]).get(b"authorization")
        return await super().__call__(scope, receive, send)


class Counted:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        return await self.app(scope, receive, send)


def TokenAuthStack(inner):
    return TokenAuth(AuthMiddlewareStack(inner))


def counted(app):
    return Counted(app)
