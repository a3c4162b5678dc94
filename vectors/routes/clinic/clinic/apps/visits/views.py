from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path


class VisitViews:
    """Views as methods of one object."""

    def urls(self):
        return [
            path("", login_required(self.index), name="index"),
            path("<int:pk>/", self.show, name="show"),
        ]

    def index(self, request):
        return HttpResponse("visits")

    def show(self, request, pk):
        return HttpResponse("visit")

    @staticmethod
    def on_day(request, day):
        return HttpResponse(str(day))
