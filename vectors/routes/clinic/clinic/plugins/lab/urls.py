from django.urls import path
from django.views import View


class Result(View):
    def get(self, request):
        raise NotImplementedError

    def put(self, request):
        raise NotImplementedError


urlpatterns = [path("result/", Result.as_view())]
