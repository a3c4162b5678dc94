from django.urls import path, register_converter

from .converters import DayConverter
from .views import VisitViews

register_converter(DayConverter, "day")

app_name = "visits"
urlpatterns = VisitViews().urls() + [path("<day:day>/", VisitViews.on_day, name="day")]
