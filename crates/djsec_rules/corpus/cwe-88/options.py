# Arguments that begin with `-` are options of the program that is run.

import os
import re
import subprocess
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from .models import Repository

REPOSITORIES = Path(settings.MEDIA_ROOT)


def clone(request):
    url = request.POST["url"]
    subprocess.run(["git", "clone", url, "/srv/new"], check=True)  # bad: option
    subprocess.run(["git", "clone", "--depth", "1", url])  # bad: option
    subprocess.check_call(["/usr/bin/git", "ls-remote", "--heads", url])  # bad: option
    subprocess.run(args=["sudo", "git", "fetch", url])  # bad: option
    command = ["tar", "xzf", request.POST["archive"]]
    subprocess.Popen(command)  # bad: option
    return HttpResponse()


def download(request, name):
    command = ["wget", "--quiet"]
    command += [request.GET["url"]]
    subprocess.call(command)  # unsupported: option
    subprocess.run(["ssh", f"{name}@" + request.GET["host"]])  # bad: option
    return HttpResponse()


def separated(request):
    url = request.POST["url"]
    subprocess.run(["git", "clone", "--", url, "/srv/new"], check=True)  # ok: option
    subprocess.run(["git", "commit", "-m", request.POST["message"]])  # ok: option
    subprocess.run(["git", "clone", f"https://example.com/{url}"])  # ok: option
    subprocess.run(["curl", "https://example.com/" + url])  # ok: option
    subprocess.run(["git", "clone", "--branch=" + url])  # ok: option
    subprocess.run(["tar", "xzf", os.path.join(settings.MEDIA_ROOT, url)])  # ok: option
    subprocess.run(["tar", "xzf", REPOSITORIES / url])  # ok: option
    subprocess.run(["tar", "xzf", os.path.abspath(url)])  # ok: option
    return HttpResponse()


def harmless_programs(request):
    subprocess.run(["echo", request.POST["text"]])  # ok: option
    subprocess.run(["./manage.py", "check", request.POST["app"]])  # ok: option
    return HttpResponse()


def checked(request, pk):
    url = request.POST["url"]
    if url.startswith("-"):
        return HttpResponse(status=400)
    subprocess.run(["git", "clone", url])  # ok: option
    return HttpResponse()


def checked_otherwise(request):
    url = request.POST["url"]
    if not url.startswith("https://"):
        return HttpResponse(status=400)
    subprocess.run(["git", "clone", url])  # ok: option
    branch = request.POST["branch"]
    if re.fullmatch(r"[a-z][a-z0-9-]*", branch):
        subprocess.run(["git", "checkout", branch])  # ok: option
    if branch in ("main", "next"):
        subprocess.run(["git", "checkout", branch])  # ok: option
    return HttpResponse()


def checked_in_vain(request):
    url = request.POST["url"]
    if url.startswith("-"):
        subprocess.run(["git", "clone", url])  # bad: option
    return HttpResponse()


def numbers(request, pk):
    subprocess.run(["git", "fetch", str(int(request.POST["depth"]))])  # ok: option
    repository = get_object_or_404(Repository, pk=pk)
    # Who stored it is another question.
    subprocess.run(["git", "clone", repository.url])  # ok: option
    return HttpResponse()


def run(url):
    subprocess.run(["git", "clone", url])  # bad: option


def through_a_helper(request):
    run(request.POST["url"])
    return HttpResponse()

# --- models.py
from django.db import models


class Repository(models.Model):
    url = models.URLField()
# --- urls.py
from django.urls import path

from . import views

urlpatterns = [
    path("clone/", views.clone),
    path("download/<str:name>/", views.download),
    path("separated/", views.separated),
    path("harmless/", views.harmless_programs),
    path("checked/<int:pk>/", views.checked),
    path("otherwise/", views.checked_otherwise),
    path("vain/", views.checked_in_vain),
    path("numbers/<int:pk>/", views.numbers),
    path("helper/", views.through_a_helper),
]
