from django.urls import path

from ..views import author
from .views import author_list as listing

app_name = "authors"
urlpatterns = [path("", listing, name="list"), path("<str:name>/", author, name="author")]
