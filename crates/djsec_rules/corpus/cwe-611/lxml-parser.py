# Whether entities are followed is decided by the parser, wherever it was made.
from lxml import etree

STRICT = etree.XMLParser(resolve_entities=False, no_network=True)
LAX = etree.XMLParser(no_network=True)


class Reader:
    parser = etree.XMLParser(resolve_entities=False)

    def __init__(self):
        self.lax = etree.XMLParser(resolve_entities=True)
        self.strict = etree.XMLParser(resolve_entities=False)

    def read(self, text):
        etree.fromstring(text, self.parser)  # ok: xml
        etree.fromstring(text, parser=self.lax)  # bad: xml
        return etree.fromstring(text, parser=self.strict)  # ok: xml


def strict_parser():
    return etree.XMLParser(resolve_entities=False)


def parse(text, parser):
    return etree.fromstring(text, parser)  # ok: xml


def parse_lax(text, parser=None):
    return etree.fromstring(text, parser)  # bad: xml


def view(request):
    etree.fromstring(request.body, STRICT)  # ok: xml
    etree.fromstring(request.body, LAX)  # bad: xml
    options = {"resolve_entities": False}
    parser = etree.XMLParser(**options)
    etree.fromstring(request.body, parser)  # ok: xml
    etree.fromstring(request.body, strict_parser())  # ok: xml
    parse(request.body, STRICT)
    parse_lax(request.body, LAX)
    Reader().read(request.body)
    for _, element in etree.iterparse(request.FILES["document"]):  # bad: xml
        print(element)
    for _, element in etree.iterparse(request.FILES["document"], resolve_entities=False):  # ok: xml
        print(element)
