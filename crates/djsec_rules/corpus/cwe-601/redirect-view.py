# The generic view asks a method for the address.
from django.views.generic import RedirectView


class Go(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return self.request.GET["to"]  # bad: redirect
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("go/", views.Go.as_view())]
