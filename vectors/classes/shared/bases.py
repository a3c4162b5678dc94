from django.contrib.auth.mixins import LoginRequiredMixin as MustLogIn
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.views.generic import View as DjangoView
from rest_framework import permissions


class Audited:
    raise_exception = True

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


class TenantMixin(MustLogIn):
    login_url = "/tenants/login/"


class Secured(Audited, PermissionRequiredMixin, DjangoView):
    permission_required = "shop.view"


class IsOwner(permissions.IsAuthenticated):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user


class _Hidden(Audited):
    pass


Alias = Secured
