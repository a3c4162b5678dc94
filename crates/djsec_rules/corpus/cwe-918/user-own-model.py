# Columns of a user model of the project, through what it is derived from.
import requests


def view(request):
    requests.get("https://" + request.user.last_name)  # bad: ssrf
    requests.get(request.user.homepage)  # bad: ssrf
    requests.get("https://" + request.user.get_full_name())  # bad: ssrf
    requests.get("https://%s.example.com" % request.user.username)  # ok: ssrf
    requests.get("https://%s.example.com" % request.user.is_staff)  # ok: ssrf
# --- models.py
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    homepage = models.URLField()
# --- settings.py
AUTH_USER_MODEL = "shop.User"
