# A `string.Template` carries what is substituted.
from string import Template

from django.db import connection


def search(request):
    statement = Template("SELECT * FROM books WHERE title = '$q'")
    text = statement.substitute(q=request.GET["q"])
    connection.cursor().execute(text)  # bad: sql
