# Numbers that Ninja reads are numbers, and may be large.
from ninja import NinjaAPI, Query

api = NinjaAPI()


@api.get("/codes")
def codes(request, count: int, size: int = 10, most: int = Query(10, le=100)):
    a = ["x" for _ in range(count)]  # bad: amount
    b = "x" * size  # bad: amount
    c = "x" * most  # ok: amount
    return [a, b, c]
