# An asynchronous client.
import httpx


async def view(request):
    async with httpx.AsyncClient() as client:
        await client.get(request.GET["url"])  # bad: ssrf
        await client.get("https://example.com/")  # ok: ssrf
