# What a form lets through depends on the type of its field.
import requests
from django import forms


class HookForm(forms.Form):
    url = forms.URLField()
    label = forms.CharField()
    port = forms.IntegerField()
    server = forms.ChoiceField(choices=[("a", "a.example.com"), ("b", "b.example.com")])


def view(request):
    form = HookForm(request.POST)
    if form.is_valid():
        requests.get(form.cleaned_data["url"])  # bad: ssrf
        requests.get(form.cleaned_data.get("label"))  # bad: ssrf
        requests.get("https://example.com:%s" % form.cleaned_data["port"])  # ok: ssrf
        requests.get("https://" + form.cleaned_data["server"])  # ok: ssrf
