# The row of a form holds what was sent in the form's fields, and its files lie where their storage puts them.
import os
from zipfile import ZipFile

from django import forms
from django.db import models


class Report(models.Model):
    name = models.CharField(max_length=100)
    folder = models.CharField(max_length=100)
    count = models.IntegerField()
    archive = models.FileField()


class ReportForm(forms.ModelForm):
    class Meta:
        model = Report
        fields = ["name", "count", "archive"]

    def clean(self):
        open("/srv/" + os.path.basename(self.instance.name))  # ok: path
        return self.cleaned_data

    def save(self, commit=True):
        open("/srv/" + self.instance.name)  # bad: path
        return super().save(commit)


class OtherForm(forms.ModelForm):
    class Meta:
        model = Report
        exclude = ("name",)


def names(report):
    return ZipFile(report.archive.path).namelist()  # ok: path


def opened(report):
    return open(os.path.join("/srv", report.name))  # bad: path


def view(request):
    form = ReportForm(data=request.POST, files=request.FILES, instance=Report.objects.get(pk=1))
    names(form.instance)
    if form.is_valid():
        opened(form.instance)
        open("/srv/%s" % form.instance.count)  # ok: path
    other = OtherForm(request.POST)
    if other.is_valid():
        open("/srv/" + other.instance.folder)  # bad: path


def unbound(request):
    form = ReportForm(instance=Report.objects.get(pk=request.GET["pk"]))
    names(form.instance)
    return form
