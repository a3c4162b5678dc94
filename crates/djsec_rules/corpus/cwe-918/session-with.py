# A session that a `with` statement binds.
import requests


def view(request):
    with requests.Session() as session:
        session.get(request.GET["url"])  # bad: ssrf
