from functools import partial  # noqa: F401

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..decorators import audited, limited, member, unnamed, zipped
from .classes import PlantCreate, PlantDetail
from .functions import *

detail_view = login_required(PlantDetail.as_view())


@login_required
def secret(request):
    return HttpResponse("secret")


@login_not_required
def open_house(request):
    return HttpResponse("welcome")


@require_POST
def post_only(request):
    return HttpResponse("thanks")


@csrf_exempt
@login_required(login_url="/enter/")
@audited
@limited(3)
@zipped
def stacked(request, pk):
    return HttpResponse(str(pk))


@member
@unnamed
def unnamed_view(request):
    return HttpResponse("nameless")


def made(flower):
    def view(request):
        return HttpResponse(flower)

    return view


class Counter:
    def __init__(self, start=0):
        self.start = start

    def __call__(self, request):
        self.start += 1
        return HttpResponse(str(self.start))

    def show(self, request):
        return HttpResponse(str(self.start))


counter = Counter()
