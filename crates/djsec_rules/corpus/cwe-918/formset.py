# The forms of a formset hold what was sent, each by the types of its fields.
import requests
from django import forms
from django.forms import formset_factory


class HookForm(forms.Form):
    url = forms.CharField()
    port = forms.IntegerField()


HookFormSet = formset_factory(HookForm, extra=2)


def view(request):
    formset = HookFormSet(request.POST)
    if formset.is_valid():
        for form in formset:
            requests.get(form.cleaned_data["url"])  # bad: ssrf
            requests.get("https://example.com:%s" % form.cleaned_data["port"])  # ok: ssrf
        for data in formset.cleaned_data:
            requests.get(data["url"])  # bad: ssrf
        for form in formset.forms:
            requests.get(form.cleaned_data["url"])  # bad: ssrf


def made_here(request):
    formset = formset_factory(HookForm)(request.POST)
    for form in formset:
        requests.get(form.cleaned_data["url"])  # bad: ssrf
