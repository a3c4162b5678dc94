# A function of Django REST framework.
import requests
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(["POST"])
def fetch(request):
    requests.get(request.data["url"])  # bad: ssrf
    requests.get(request.query_params["url"])  # bad: ssrf
    return Response({"ok": True})
