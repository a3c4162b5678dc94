from ninja import Router
from ninja.security import django_auth

router = Router(auth=django_auth)


@router.get("/", auth=None)
def recipe_list(request):
    return []


@router.post("/")
def recipe_add(request):
    return {}


@router.get("/{recipe_id}", url_name="recipe")
def recipe(request, recipe_id: int):
    return {}


@router.delete("/{recipe_id}")
def recipe_remove(request, recipe_id: int):
    return {}


@router.patch("/{slug:name}/title")
async def rename(request, name: str):
    return {}


comments = Router()


@comments.get("")
def comment_list(request, recipe_id: int):
    return []


@comments.put("/{comment_id}", auth=None)
def comment_edit(request, recipe_id: int, comment_id: int):
    return {}


router.add_router("/{recipe_id}/comments", comments)
