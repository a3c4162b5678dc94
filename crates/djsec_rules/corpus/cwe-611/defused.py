# The parsers of defusedxml refuse entities.
from defusedxml import ElementTree, lxml


def view(request):
    ElementTree.fromstring(request.body)  # ok: xml
    lxml.fromstring(request.body)  # ok: xml
