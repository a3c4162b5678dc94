# A check of the project answers with a pair: whether the address is fine, and why not.
import ipaddress
import socket
from urllib.parse import urlparse

import requests


def look_at(url):
    host = urlparse(url).hostname
    if not host:
        return False, "no host"
    for found in socket.getaddrinfo(host, None):
        address = ipaddress.ip_address(found[4][0])
        if address.is_private or address.is_loopback:
            return False, "a private network"
    return True, host


def glance_at(url):
    if not url:
        return False, "no address"
    return True, url


def fetch(request):
    url = request.POST["url"]
    fine, why = look_at(url)
    if not fine:
        raise ValueError(why)
    return requests.get(url)  # ok: ssrf


def pair_is_always_true(request):
    url = request.POST["url"]
    if not look_at(url):
        raise ValueError(url)
    return requests.get(url)  # bad: ssrf


def other_half(request):
    url = request.POST["url"]
    fine, why = look_at(url)
    if not why:
        raise ValueError(fine)
    return requests.get(url)  # bad: ssrf


def other_address(request):
    url = request.POST["url"]
    fine, why = look_at(url)
    if not fine:
        raise ValueError(why)
    url = request.POST["other"]
    return requests.get(url)  # bad: ssrf


def looked_at_too_little(request):
    url = request.POST["url"]
    fine, why = glance_at(url)
    if not fine:
        raise ValueError(why)
    return requests.get(url)  # bad: ssrf
