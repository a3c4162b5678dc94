from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "Zoo"

urlpatterns = [path("admin/doc/", include("django.contrib.admindocs.urls")), path("admin/", admin.site.urls)]
