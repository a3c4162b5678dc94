# Cells of a workbook.
import openpyxl
from django.http import HttpResponse

def view(request):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["name", request.GET["name"]])  # bad: spreadsheet
    sheet["A1"] = request.GET["name"]  # bad: spreadsheet
    sheet.cell(row=1, column=2, value=request.GET["name"])  # bad: spreadsheet
    sheet.cell(row=1, column=2).value = request.GET["name"]  # bad: spreadsheet
    sheet.append(["name", "'" + request.GET["name"]])  # ok: spreadsheet
    sheet.append(["number", int(request.GET["number"])])  # ok: spreadsheet
    return HttpResponse(content_type="application/vnd.ms-excel")
