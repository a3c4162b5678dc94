from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .models import Category, Product, Review


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "category", "price", "stock", "is_published", "shop_link"]
    list_filter = ["category", "is_published"]
    search_fields = ["name", "slug"]

    @admin.display(description="shop")
    def shop_link(self, product):
        return format_html('<a href="{}">{}</a>', product.get_absolute_url(), product.name)


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    list_display = ["headline", "product", "author", "rating", "created"]

    @admin.display(description="review")
    def headline(self, review):
        return mark_safe(f"<strong>{review.title}</strong>")
