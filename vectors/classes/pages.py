"""Views of Django and of packages that add mixins."""

import django.views.generic.edit
from braces.views import GroupRequiredMixin, JSONResponseMixin, StaffuserRequiredMixin
from django import views
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import (
    AccessMixin,
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.contrib.syndication.views import Feed
from django.views import generic
from django.views.generic import CreateView, DeleteView, DetailView, ListView, TemplateView, UpdateView, View
from django.views.generic.edit import FormMixin, FormView

import shared
from shared import Secured, Tenant, TenantMixin, _Hidden
from shared.bases import Alias


class Home(TemplateView):
    http_method_names = ["get"]


class Orders(LoginRequiredMixin, ListView):
    pass


class WrongOrder(ListView, LoginRequiredMixin):
    login_url = "/too-late/"


class Edit(LoginRequiredMixin, PermissionRequiredMixin, UpdateView):
    raise_exception = True


class Staff(UserPassesTestMixin, LoginRequiredMixin, generic.DetailView):
    login_url = "/staff/"


class Comment(FormMixin, DetailView):
    pass


class Both(generic.edit.FormView, generic.ListView):
    pass


class Create(TenantMixin, CreateView):
    pass


class ByTenant(Tenant, DeleteView):
    raise_exception = False


class ByModule(shared.TenantMixin, views.View):
    pass


class FromReexport(Secured):
    pass


class FromAlias(Alias, AccessMixin):
    http_method_names = ["get", "post"]


class Hidden(_Hidden, View):
    pass


class Login(LoginView):
    redirect_authenticated_user = True


class Logout(auth_views.LogoutView):
    pass


class Reset(PasswordResetConfirmView):
    post_reset_login = True


class Groups(GroupRequiredMixin, TemplateView):
    group_required = "editors"


class StaffJson(StaffuserRequiredMixin, JSONResponseMixin, View):
    pass


class Latest(Feed):
    pass


class Full(django.views.generic.edit.CreateView):
    pass
