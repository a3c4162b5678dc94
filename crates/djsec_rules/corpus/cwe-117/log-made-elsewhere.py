# The logger is made in another module, or by a method.
from shop.journal import journal


def view(request):
    journal.info("search for %s", request.GET["q"])  # bad: log
# --- journal.py
import logging

journal = logging.getLogger("shop")
