# Further clients of servers: what they call, and what is only sent along.
import ftplib
import http.client
import smtplib
import socket

import aiohttp
import boto3
import httpx
import urllib3
from django.core.validators import URLValidator


def view(request):
    host = request.GET["host"]
    http.client.HTTPSConnection(host)  # bad: ssrf
    http.client.HTTPSConnection("example.com").request("GET", "/" + host)  # ok: ssrf
    socket.create_connection((host, 80))  # bad: ssrf
    socket.create_connection(("example.com", int(request.GET["port"])))  # ok: ssrf
    ftplib.FTP(host)  # bad: ssrf
    smtplib.SMTP(host)  # bad: ssrf
    urllib3.PoolManager().request("GET", host)  # bad: ssrf
    urllib3.PoolManager().request("GET", "https://example.com/", fields={"q": host})  # ok: ssrf
    httpx.Client(base_url="https://example.com").get("/items", params={"q": host})  # ok: ssrf
    httpx.post("https://example.com/", json={"url": host})  # ok: ssrf
    boto3.client("s3", endpoint_url=host)  # bad: ssrf
    boto3.client("s3").get_object(Bucket="files", Key=host)  # ok: ssrf
    URLValidator()(host)
    httpx.get(host)  # bad: ssrf


async def later(request):
    async with aiohttp.ClientSession() as session:
        async with session.get(request.GET["url"]) as response:  # bad: ssrf
            return await response.text()
