# A parser that was told to follow what a document names, wherever that was done.
from xml.dom import pulldom
from xml.sax import make_parser
from xml.sax.handler import feature_external_ges, feature_external_pes


def lax():
    parser = make_parser()
    parser.setFeature(feature_external_pes, True)
    return parser


def strict():
    parser = make_parser()
    parser.setFeature(feature_external_ges, False)
    return parser


def view(request):
    pulldom.parseString(request.body.decode(), lax())  # bad: xml
    pulldom.parseString(request.body.decode(), strict())  # ok: xml
    pulldom.parseString("<a/>", lax())  # ok: xml
    lax().parse(request.FILES["document"])  # bad: xml
