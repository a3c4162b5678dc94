# Line ends are taken out by hand.
import logging

logger = logging.getLogger(__name__)


def view(request):
    q = request.GET["q"].replace("\n", "").replace("\r", "")
    logger.info("search for %s", q)  # ok: log
