from django.urls import path

from .decorate import required
from .views import desk

urlpatterns = required([path("<slug:desk>/", desk, name="desk")])
