# Membership in the choices of a model, of an enumeration, and in what is made of a list of choices.
from enum import Enum

from django.db import connection, models

SORTS = [("name", "Name"), ("price", "Price")]


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Order(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    status = models.CharField(max_length=10, choices=Status.choices)



def view(request):
    status = request.GET["status"]
    if status in Order.Status.values:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in Order.Status:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in Color.__members__:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in {color.value for color in Color}:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in dict(SORTS):
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in [value for value, _ in SORTS]:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in [choice[0] for choice in Order.Status.choices]:
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in dict(Order.Status.choices).keys():
        connection.cursor().execute("SELECT " + status)  # ok: sql
    if status in request.GET.getlist("allowed"):
        connection.cursor().execute("SELECT " + status)  # bad: sql


def by_value(request):
    try:
        color = Color(request.GET["color"])
        status = Order.Status(request.GET["status"])
    except ValueError:
        return
    connection.cursor().execute("SELECT " + color.value)  # ok: sql
    connection.cursor().execute("SELECT " + status)  # ok: sql
    connection.cursor().execute("SELECT " + status.label)  # ok: sql


def checked_first(request):
    color = request.GET["color"]
    Color(color)
    connection.cursor().execute("SELECT " + color)  # ok: sql
