# What further fields of forms let through, and what validators and methods of the form make of it.
import requests
from django import forms
from django.core.validators import RegexValidator, validate_slug


class HookForm(forms.Form):
    host = forms.RegexField(r"^[a-z]+$")
    loose = forms.RegexField(r"https")
    slug = forms.SlugField()
    key = forms.UUIDField()
    day = forms.DateField()
    servers = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    size = forms.TypedChoiceField(choices=[("1", "1")], coerce=int)
    data = forms.JSONField()
    checked = forms.CharField(validators=[RegexValidator(r"^[a-z]+\Z")])
    word = forms.CharField(validators=[validate_slug])
    short = forms.CharField(max_length=20)
    fixed = forms.CharField()
    known = forms.CharField()
    on = forms.BooleanField()

    def clean_fixed(self):
        return "https://example.com/"

    def clean_known(self):
        known = self.cleaned_data["known"]
        if known not in ("a.example.com", "b.example.com"):
            raise forms.ValidationError("unknown")
        return known


def view(request):
    form = HookForm(request.POST)
    if not form.is_valid():
        return
    data = form.cleaned_data
    requests.get("https://%s" % data["host"])  # ok: ssrf
    requests.get(data["loose"])  # bad: ssrf
    requests.get("https://%s" % data["slug"])  # ok: ssrf
    requests.get("https://%s" % data["key"])  # ok: ssrf
    requests.get("https://%s" % data["day"])  # ok: ssrf
    for server in data["servers"]:
        requests.get("https://%s" % server)  # ok: ssrf
    requests.get("https://%s" % data["size"])  # ok: ssrf
    requests.get(data["data"]["url"])  # bad: ssrf
    requests.get("https://%s" % data["checked"])  # ok: ssrf
    requests.get("https://%s" % data["word"])  # ok: ssrf
    requests.get(data["short"])  # bad: ssrf
    requests.get(data["fixed"])  # ok: ssrf
    requests.get("https://%s" % data["known"])  # ok: ssrf
    requests.get("https://%s" % data["on"])  # ok: ssrf
    requests.get(form.data["host"])  # bad: ssrf
    requests.get(form["host"].value())  # bad: ssrf
