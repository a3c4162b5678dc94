from django.contrib import admin

from .models import Order, OrderItem


class OrderItemInline(admin.TabularInline):
    model = OrderItem
    extra = 0
    readonly_fields = ["product", "price"]


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["pk", "user", "status", "created", "paid_at"]
    list_filter = ["status"]
    readonly_fields = ["user", "created", "paid_at"]
    inlines = [OrderItemInline]
