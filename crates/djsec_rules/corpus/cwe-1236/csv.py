# Cells of a table that a spreadsheet opens.
import csv

from django.http import HttpResponse


def view(request):
    response = HttpResponse(content_type="text/csv")
    writer = csv.writer(response)
    writer.writerow(["name", request.GET["name"]])  # bad: spreadsheet
    writer.writerow(["number", int(request.GET["number"])])  # ok: spreadsheet
    writer.writerow(["name", "fixed"])  # ok: spreadsheet
    return response
