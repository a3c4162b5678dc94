from ninja import NinjaAPI
from ninja.security import HttpBearer, django_auth

from recipes.api import router as recipes
from recipes.stock import stock


class Bearer(HttpBearer):
    def authenticate(self, request, token):
        return token == "made-up" and token


def has_key(request):
    return request.headers.get("X-Key")


api = NinjaAPI(title="Kitchen")
api.add_router("/recipes", recipes)
api.add_router("stock/", stock, auth=Bearer())
api.add_router("/late/", "recipes.late.router", tags=["late"])


@api.get("/health", auth=None, url_name="health")
def health(request):
    return {"ok": True}


@api.post("/orders/{int:order}/cancel", auth=[django_auth, Bearer()])
def cancel(request, order: int):
    return {}


closed = NinjaAPI(urls_namespace="closed", docs_url=None, openapi_url=None, auth=has_key)


@closed.api_operation(["POST", "PATCH"], "/reset")
def reset(request):
    return {}


@closed.get("/open", auth=None)
def opened(request):
    return {}
