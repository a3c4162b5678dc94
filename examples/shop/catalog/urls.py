from django.urls import path

from . import views

app_name = "catalog"

urlpatterns = [
    path("", views.product_list, name="product-list"),
    path("suggest/", views.search_suggestions, name="suggest"),
    path("products/<slug:slug>/", views.ProductDetail.as_view(), name="product-detail"),
    path("products/<slug:slug>/reviews/", views.add_review, name="review-add"),
    path("products/<slug:slug>/image/", views.product_image, name="product-image"),
]
