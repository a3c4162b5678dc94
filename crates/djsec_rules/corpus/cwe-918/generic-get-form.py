# The form that a generic view makes.
import requests
from django import forms
from django.views.generic import FormView


class HookForm(forms.Form):
    url = forms.CharField()
    port = forms.IntegerField()


class Hook(FormView):
    form_class = HookForm

    def post(self, request):
        form = self.get_form()
        if form.is_valid():
            requests.get(form.cleaned_data["url"])  # bad: ssrf
            requests.get("https://example.com:%s" % form.cleaned_data["port"])  # ok: ssrf
# --- urls.py
from django.urls import path

from shop import views

urlpatterns = [path("hook/", views.Hook.as_view())]
