# An address that is parsed is one, and none is forbidden by it.
import ipaddress

import requests


def view(request):
    address = ipaddress.ip_address(request.GET["ip"])
    requests.get("https://%s/" % address)  # ok: ssrf
    requests.get("https://%s/" % request.GET["host"])  # bad: ssrf
