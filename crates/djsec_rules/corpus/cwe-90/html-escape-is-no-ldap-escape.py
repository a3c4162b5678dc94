# Escaping for HTML does nothing for LDAP.
from django.utils.html import escape
from ldap3 import Connection, Server


def view(request):
    connection = Connection(Server("directory.example.com"))
    connection.search("dc=example", "(uid=%s)" % escape(request.GET["name"]))  # bad: ldap
