# An expression for XPath, and its variables.
from lxml import etree


def view(request):
    tree = etree.parse("/srv/books.xml")
    tree.xpath("//book[@title='" + request.GET["title"] + "']")  # bad: xpath
    tree.xpath("//book[@title=$title]", title=request.GET["title"])  # ok: xpath
    etree.XPath("//" + request.GET["path"])  # bad: xpath
