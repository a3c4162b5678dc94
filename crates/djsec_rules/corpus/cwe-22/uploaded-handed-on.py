# What a form's fields hold keeps its kind when all of it is handed on by name: a file that was sent chooses no path,
# a text beside it does. A field of the project's own may make a list of several files.
from zipfile import ZipFile

from django import forms
from PIL import Image


class Several(forms.FileField):
    def clean(self, data, initial=None):
        return [super(Several, self).clean(one, initial) for one in data]


class Import(forms.Form):
    name = forms.CharField()
    upload = forms.FileField()
    pictures = Several()


def view(request):
    form = Import(request.POST, request.FILES)
    if form.is_valid():
        unpack(request, **form.cleaned_data)
        for picture in form.cleaned_data["pictures"]:
            keep(picture)


def unpack(request, *, name, upload, pictures):
    with ZipFile(upload) as archive:  # ok: path
        archive.namelist()
    with open("/srv/" + name) as notes:  # bad: path
        notes.read()


def keep(picture):
    Image.open(picture.file).verify()  # ok: path
    with open("/srv/" + picture.name, "wb") as target:  # ok: path
        target.write(picture.read())
