# A class of Django REST framework.
import requests
from rest_framework.response import Response
from rest_framework.views import APIView


class Fetch(APIView):
    def post(self, request, format=None):
        requests.get(request.data.get("url"))  # bad: ssrf
        return Response({})
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("fetch/", views.Fetch.as_view())]
