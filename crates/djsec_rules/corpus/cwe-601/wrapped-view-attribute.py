# A login view of the project with its own redirect.
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect


class Login(LoginView):
    def form_valid(self, form):
        return HttpResponseRedirect(self.request.POST["next"])  # bad: redirect


class Safe(LoginView):
    def form_valid(self, form):
        return HttpResponseRedirect(self.get_success_url())  # ok: redirect
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("in/", views.Login.as_view()), path("safe/", views.Safe.as_view())]
