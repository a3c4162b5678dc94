# The generic view hands its form to `form_valid`.
import requests
from django import forms
from django.views.generic import FormView


class HookForm(forms.Form):
    url = forms.CharField()
    port = forms.IntegerField()


class Hook(FormView):
    form_class = HookForm

    def form_valid(self, form):
        requests.get(form.cleaned_data["url"])  # bad: ssrf
        requests.get("https://example.com:%s" % form.cleaned_data["port"])  # ok: ssrf
        return super().form_valid(form)
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("hook/", views.Hook.as_view())]
