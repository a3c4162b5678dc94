from django.contrib import admin
from django.urls import path

import accounts.admin  # noqa: F401

from .sites import branch_site

urlpatterns = [
    path("control/", admin.site.urls),
    path("branch/", branch_site.urls),
]
