# Ways that leave line ends in, and ways that take them out.
import logging
import re

logger = logging.getLogger(__name__)
NOT_WORDS = re.compile(r"[^a-zA-Z0-9_-]")


def view(request):
    q = request.GET["q"]
    logger.info("search for %s", q.replace("\r", ""))  # bad: log
    logger.info("search for %s", q.replace("\n", "\n  "))  # bad: log
    logger.info("search for %s", q.replace(" ", ""))  # bad: log
    logger.info("search for %s", q.strip())  # bad: log
    logger.info("search for %s", q.replace("\n", " "))  # ok: log
    logger.info("search for %s", " ".join(q.splitlines()))  # ok: log
    logger.info("search for %s", re.sub(r"[\r\n]+", " ", q))  # ok: log
    logger.info("search for %s", NOT_WORDS.sub("", q))  # ok: log
    logger.info("search for %s", q.encode("unicode_escape").decode())  # ok: log
    logger.info(f"search for {q!a}")  # ok: log
    logger.info(f"search for {q!s}")  # bad: log
