# A filter for LDAP.
import ldap
from ldap.filter import escape_filter_chars


def view(request):
    directory = ldap.initialize("ldap://directory.example.com")
    name = request.GET["name"]
    directory.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=" + name + ")")  # bad: ldap
    safe = escape_filter_chars(name)
    directory.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=" + safe + ")")  # ok: ldap
