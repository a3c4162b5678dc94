# XML that a visitor sends, to a parser that follows entities.
from lxml import etree


def view(request):
    etree.fromstring(request.body)  # bad: xml
    etree.parse(request.FILES["document"])  # bad: xml
    etree.fromstring("<a/>")  # ok: xml
