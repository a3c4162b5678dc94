from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.urls import path

from .models import Animal, Cage, Keeper, Meal, Visit


class MealInline(admin.TabularInline):
    model = Meal


@admin.register(Animal)
class AnimalAdmin(admin.ModelAdmin):
    list_display = ["name"]
    inlines = [MealInline]

    def get_urls(self):
        urls = super().get_urls()
        own = [
            path("export/", self.export, name="animals_export"),
            path("<int:pk>/feed/", self.admin_site.admin_view(self.feed), name="animals_feed"),
        ]
        return own + urls

    def export(self, request):
        return HttpResponse("name")

    def feed(self, request, pk):
        return HttpResponse("munch")


class CageAdmin(AnimalAdmin):
    inlines = []

    def get_urls(self):
        return super().get_urls()[1:]


@admin.register(Keeper, Meal)
class PlainAdmin(admin.ModelAdmin):
    pass


class OwnUserAdmin(UserAdmin):
    list_display = ["username"]


admin.site.register(Cage, CageAdmin)
admin.site.register([Visit])
admin.site.unregister(Group)
admin.site.unregister(User)
admin.site.register(User, OwnUserAdmin)
