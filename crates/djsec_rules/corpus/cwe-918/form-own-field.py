# A field of the project is what it is derived from.
import requests
from django import forms


class ServerField(forms.ModelChoiceField):
    pass


class WordField(forms.CharField):
    pass


class HookForm(forms.Form):
    server = ServerField(queryset=None)
    word = WordField()


def view(request):
    form = HookForm(request.POST)
    if form.is_valid():
        requests.get("https://%s.example.com" % form.cleaned_data["server"])  # ok: ssrf
        requests.get("https://%s.example.com" % form.cleaned_data["word"])  # bad: ssrf
