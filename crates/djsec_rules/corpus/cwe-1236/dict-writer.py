# The same with names.
import csv


def view(request, response):
    writer = csv.DictWriter(response, ["name"])
    writer.writerow({"name": request.GET["name"]})  # bad: spreadsheet
    writer.writerow({"name": "fixed"})  # ok: spreadsheet
