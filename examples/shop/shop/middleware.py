import logging
import time
import uuid

logger = logging.getLogger("shop.requests")

SLOW_SECONDS = 2.0


class RequestIdMiddleware:
    """Gives every request an id, so that log lines of one request can be joined."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response


class SlowRequestMiddleware:
    """Logs what was asked when an answer took too long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - started
        if seconds > SLOW_SECONDS:
            logger.warning(
                "slow request %s %s took %.1fs, data=%s",
                request.method,
                request.path,
                seconds,
                request.POST.dict(),
            )
        return response
