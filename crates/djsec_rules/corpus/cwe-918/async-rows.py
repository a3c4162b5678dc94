# Rows that are asked for without waiting, and what is gathered of several calls.
import asyncio

import httpx

from shop.models import Hook


async def fetch(client, url):
    return await client.get(url)  # bad: ssrf


async def view(request):
    async with httpx.AsyncClient() as client:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch(client, request.GET["url"]))
        hook = await Hook.objects.aget(pk=1)
        await client.get(hook.url)  # bad: ssrf
        async for hook in Hook.objects.filter(pk=2):
            await client.get(hook.url)  # bad: ssrf
            await client.get("https://example.com:%s" % hook.port)  # ok: ssrf
        urls = [hook.url async for hook in Hook.objects.all()]
        await client.get(urls[0])  # bad: ssrf
# --- models.py
from django.db import models


class Hook(models.Model):
    url = models.CharField(max_length=200)
    port = models.IntegerField()
