# The other client.
from ldap3 import Connection, Server
from ldap3.utils.conv import escape_filter_chars


def view(request):
    connection = Connection(Server("directory.example.com"))
    connection.search("dc=example", "(uid=%s)" % request.GET["name"])  # bad: ldap
    safe = escape_filter_chars(request.GET["name"])
    connection.search("dc=example", "(uid=%s)" % safe)  # ok: ldap
