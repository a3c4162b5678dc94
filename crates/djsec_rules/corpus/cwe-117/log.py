# A line of the log with a text of the request.
import logging

logger = logging.getLogger(__name__)


def view(request):
    logger.info("search for %s", request.GET["q"])  # bad: log
    logger.warning("search for " + request.GET["q"])  # bad: log
    logger.info("page %s", int(request.GET["page"]))  # ok: log
    logger.info("search")  # ok: log
