# Secrets of the settings that are sent, and what is made with them.
import hashlib
import hmac

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render


def sent(request):
    if request.GET.get("a"):
        return HttpResponse(settings.SECRET_KEY)  # bad: revealed
    if request.GET.get("b"):
        return JsonResponse({"s3": {"key": settings.AWS_SECRET_ACCESS_KEY}})  # bad: revealed
    if request.GET.get("c"):
        return JsonResponse(settings.DATABASES)  # bad: revealed
    if request.GET.get("d"):
        return JsonResponse({"name": settings.DATABASES["default"]["NAME"]})  # ok: revealed
    if request.GET.get("e"):
        return HttpResponseRedirect(f"/?s={settings.LOGIN_CLIENT_SECRET}")  # bad: revealed
    if request.GET.get("f"):
        return JsonResponse({"captcha": settings.RECAPTCHA_PRIVATE_KEY})  # bad: revealed
    return JsonResponse({"key": settings.SECRET_KEY.encode().hex()})


def for_browsers(request):
    return JsonResponse(  # ok: revealed
        {
            "stripe": settings.STRIPE_PUBLISHABLE_KEY,
            "map": settings.MAPBOX_ACCESS_TOKEN,
            "captcha": settings.RECAPTCHA_SITE_KEY,
            "maps": settings.GOOGLE_MAPS_API_KEY,
            "app": settings.LOGIN_CLIENT_ID,
        }
    )


def made(request):
    secret = settings.CHAT_SECRET
    signed = hmac.new(secret.encode(), request.user.username.encode(), hashlib.sha256).hexdigest()
    same = request.headers.get("X-Token") == secret
    values = {"signed": signed, "same": same, "end": secret[-4:], "there": bool(secret)}
    return JsonResponse(values)  # ok: revealed


def shown(request):
    context = {"key": settings.PAY_SECRET, "other": settings.CHAT_SECRET}
    context["config"] = {"name": settings.SITE_NAME, "mail": settings.EMAIL_HOST_PASSWORD}
    return render(request, "page.html", context)


# --- templates/page.html
<script>const key = "{{ key|escapejs }}";  // {# bad: revealed #}
</script>
{{ config|json_script:"config" }}  {# bad: revealed #}
{% if other %}<p>You can chat.</p>{% endif %}
