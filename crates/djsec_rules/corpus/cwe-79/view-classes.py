# Methods by which class-based views hand over what they found, and attributes that they keep it in.
from django.http import HttpResponse
from django.views import View
from django.views.generic import RedirectView


class Search(View):
    prefix = "<p>"

    def dispatch(self, request, *args, **kwargs):
        self.name = request.GET.get("name", "")
        self.count = len(self.name)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if request.user.is_staff:
            return HttpResponse(self.prefix + self.name)  # bad: html
        return HttpResponse(self.prefix + str(self.count))  # ok: html


class Away(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return self.request.GET["next"]  # bad: redirect


class Inside(RedirectView):
    pattern_name = "search"

    def get_redirect_url(self, *args, **kwargs):
        return super().get_redirect_url(*args, **kwargs)  # ok: redirect
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [
    path("search/", views.Search.as_view(), name="search"),
    path("away/", views.Away.as_view()),
    path("inside/", views.Inside.as_view()),
]
