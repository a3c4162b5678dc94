# A form uses its own data.
import requests
from django import forms


class HookForm(forms.Form):
    url = forms.URLField()
    port = forms.IntegerField()

    def clean_url(self):
        url = self.cleaned_data["url"]
        requests.head(url)  # bad: ssrf
        return url

    def send(self):
        requests.post("https://example.com:%s" % self.cleaned_data["port"])  # ok: ssrf
        requests.post(self.data["url"])  # bad: ssrf
