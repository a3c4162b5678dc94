from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import Address, User


@admin.register(User)
class ShopUserAdmin(UserAdmin):
    list_display = ["username", "email", "newsletter", "store_credit", "is_staff"]
    fieldsets = (
        *UserAdmin.fieldsets,
        ("Shop", {"fields": ["phone", "newsletter", "store_credit", "avatar"]}),
    )


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    list_display = ["user", "city", "country"]
    search_fields = ["user__username", "postcode"]
