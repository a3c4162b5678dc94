# Another database than the default.
from django.db import connections


def view(request):
    with connections["reports"].cursor() as cursor:
        cursor.execute("SELECT " + request.GET["q"])  # bad: sql
