from django.conf import settings


def shop(request):
    return {"site_url": settings.SITE_URL, "basket_size": len(request.session.get("basket", {}))}
