from django.urls import path

from . import views
from .crud import patterns_for

app_name = "clinic_patients"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("<int:pk>/record/", views.Record.as_view(), name="record"),
    path("<int:pk>/note/", views.note, name="note"),
    path("<int:pk>/desk/", views.Desk.as_desk(template_name="desk.html"), name="desk"),
    path("<int:pk>/closed/", views.Closed.as_view(), name="closed"),
] + patterns_for(views.Patient)
