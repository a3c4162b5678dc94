# What is only called like the method of a database may be given anything; a mapping is no statement.
from django import forms


class Options(forms.Form):
    name = forms.CharField()


def view(request):
    form = Options(request.POST)
    if not form.is_valid():
        return
    service = find(request)
    options = service.options.to_dict()
    options.update(form.cleaned_data)
    service.execute(options)  # ok: sql
    service.execute(form.cleaned_data)  # ok: sql
    service.execute({"name": request.POST["name"]})  # ok: sql
    service.execute("SELECT " + form.cleaned_data["name"])  # bad: sql
    service.execute(request.POST["statement"])  # bad: sql
