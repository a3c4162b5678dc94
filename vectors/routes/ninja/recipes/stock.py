from ninja import Router

stock = Router(tags=["stock"])


@stock.get("level")
def level(request):
    return 3


@stock.post("order", auth=None)
def order(request):
    return {}
