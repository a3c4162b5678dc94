# The parsers of the standard library.
import xml.sax
from xml.dom import pulldom


def view(request):
    xml.sax.parseString(request.body, None)  # bad: xml
    pulldom.parseString(request.body.decode())  # bad: xml
