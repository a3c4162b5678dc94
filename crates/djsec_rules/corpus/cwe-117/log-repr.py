# The representation of a text has no line ends.
import logging

logger = logging.getLogger(__name__)


def view(request):
    logger.info("search for %s", repr(request.GET["q"]))  # ok: log
    logger.info("search for %r", request.GET["q"])  # ok: log
    logger.info(f"search for {request.GET['q']!r}")  # ok: log


def mappings(request):
    fields = {"q": request.GET["q"]}
    logger.info("search for %s", fields)  # ok: log
    logger.info(f"search for {fields}")  # ok: log
    logger.info("search for %s" % (fields,))  # ok: log
    logger.info("search for %s", fields["q"])  # bad: log
    logger.info(f"search for {fields['q']}")  # bad: log
