from django.contrib import admin
from django.contrib.admin import ModelAdmin, register

from bank.sites import branch_site

from .models import Account, Transfer


@register(Account)
@admin.register(Account, site=branch_site)
class AccountAdmin(ModelAdmin):
    raw_id_fields = ["owner"]


for model in (Transfer,):
    branch_site.register(model)
