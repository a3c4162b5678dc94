from ninja import Router

router = Router()


@router.get("/dinner")
def dinner(request):
    return {}
