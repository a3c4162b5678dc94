# The visitor chooses the template.
from django.shortcuts import render
from django.template.loader import get_template


def view(request):
    get_template("pages/" + request.GET["page"])  # bad: template-name
    return render(request, request.GET["page"] + ".html")  # bad: template-name
