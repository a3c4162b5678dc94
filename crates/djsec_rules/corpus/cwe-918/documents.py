# A document that is rendered fetches what it names, unless that was escaped.
import pdfkit
import requests
from django.template.loader import render_to_string
from django.utils.html import escape
from weasyprint import HTML


def view(request):
    HTML(string="<h1>%s</h1>" % request.POST["title"]).write_pdf()  # bad: html
    HTML(string="<h1>%s</h1>" % escape(request.POST["title"])).write_pdf()  # ok: html
    HTML(string=render_to_string("page.html", {"title": request.POST["title"]}))  # ok: html
    HTML(url=request.POST["url"])  # bad: ssrf
    pdfkit.from_string(f"<p>{request.POST['text']}</p>", False)  # bad: html
    requests.get("https://example.com/<p>" + request.POST["name"])  # ok: ssrf


# --- templates/page.html
<h1>{{ title }}</h1>
