from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import path


class BankSite(AdminSite):
    site_header = "Bank"

    def get_urls(self):
        return [path("report/", self.admin_view(self.report), name="report")] + super().get_urls()

    def report(self, request):
        return HttpResponse("report")


class Hours(object):
    def get_urls(self, *args, **kwargs):
        urls = super(Hours, self).get_urls(*args, **kwargs)
        urls += [path("hours/", self.hours, name="hours"), path("keys/", self.admin_view(keys))]
        return urls


class BranchSite(Hours, AdminSite):
    final_catch_all_view = False

    def has_permission(self, request):
        return request.user.is_active

    def hours(self, request):
        return HttpResponse("9 to 5")


def keys(request):
    return HttpResponse("keys")


branch_site = BranchSite(name="branch")
