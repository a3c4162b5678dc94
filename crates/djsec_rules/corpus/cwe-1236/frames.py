# Tables of pandas and sheets of XlsxWriter and openpyxl.
import io

import pandas as pd
import xlsxwriter
from django.http import HttpResponse
from openpyxl import Workbook
from shop.models import Book


def frames(request):
    response = HttpResponse(content_type="text/csv")
    sent = pd.DataFrame([{"name": request.GET["name"]}])
    sent.to_csv(response)  # bad: spreadsheet
    sent.to_excel("out.xlsx")  # bad: spreadsheet
    renamed = sent.rename(columns={"name": "title"}).fillna("")
    renamed.to_csv(response)  # bad: spreadsheet
    fixed = pd.DataFrame([{"name": "fixed", "pages": int(request.GET["pages"])}])
    fixed.to_csv(response)  # ok: spreadsheet
    fixed.to_excel("out.xlsx")  # ok: spreadsheet
    return response


def stored(request):
    response = HttpResponse(content_type="text/csv")
    rows = [(book.title, book.pages) for book in Book.objects.all()]
    pd.DataFrame(rows, columns=["title", "pages"]).to_csv(response)  # bad: spreadsheet
    pages = [(book.pages,) for book in Book.objects.all()]
    pd.DataFrame(pages, columns=["pages"]).to_csv(response)  # ok: spreadsheet
    return response


def read(request):
    frame = pd.read_csv(request.FILES["table"])
    frame.to_excel("out.xlsx")  # bad: spreadsheet
    pd.read_csv("/srv/prices.csv").to_excel("out.xlsx")  # ok: spreadsheet


def sheets(request):
    book = xlsxwriter.Workbook("out.xlsx")
    sheet = book.add_worksheet("names")
    sheet.write(0, 0, request.GET["name"])  # bad: spreadsheet
    sheet.write("A1", request.GET["name"])  # bad: spreadsheet
    sheet.write_row(1, 0, [request.GET["name"]])  # bad: spreadsheet
    sheet.write_formula(1, 0, "=" + request.GET["name"])  # bad: spreadsheet
    sheet.write_string(2, 0, request.GET["name"])  # ok: spreadsheet
    sheet.write(3, 0, "name")  # ok: spreadsheet
    sheet.write(3, 0, int(request.GET["pages"]))  # ok: spreadsheet
    plain = xlsxwriter.Workbook("out.xlsx", {"strings_to_formulas": False})
    other = plain.add_worksheet()
    other.write(0, 0, "fixed")  # ok: spreadsheet
    book.close()


def rows(request):
    book = Workbook()
    sheet = book.active
    sheet.append([request.GET["name"], 1])  # bad: spreadsheet
    sheet.append(["name", int(request.GET["pages"])])  # ok: spreadsheet
    other = book.create_sheet("other")
    other["A1"] = request.GET["name"]  # bad: spreadsheet
    other.cell(row=1, column=1, value=request.GET["name"])  # bad: spreadsheet
    other.cell(row=1, column=1).value = request.GET["name"]  # bad: spreadsheet
    book["other"].append([request.GET["name"]])  # bad: spreadsheet
    book.save(io.BytesIO())
# --- models.py
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    pages = models.IntegerField()
