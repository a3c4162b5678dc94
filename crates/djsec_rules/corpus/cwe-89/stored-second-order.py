# A text that was stored and becomes SQL later.
from django.db import connection

from shop.models import Report


def view(request, pk):
    report = Report.objects.get(pk=pk)
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM " + report.table)  # bad: sql
    cursor.execute("SELECT * FROM books LIMIT %s" % report.limit)  # ok: sql
# --- models.py
from django.db import models


class Report(models.Model):
    table = models.CharField(max_length=200)
    limit = models.PositiveIntegerField()
