"""Forms, admin classes, models, managers, middleware, consumers, schemas."""

import graphene
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.account.views import SignupView
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from channels.generic.websocket import AsyncJsonWebsocketConsumer, WebsocketConsumer
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AbstractUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sitemaps import Sitemap
from django.core.management.base import BaseCommand
from django.db import models
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin
from extra_views import CreateWithInlinesView, InlineFormSetFactory
from graphene_django import DjangoObjectType
from graphene_django.views import GraphQLView
from guardian.admin import GuardedModelAdmin
from guardian.mixins import PermissionRequiredMixin
from hijack.views import AcquireUserView
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from mptt.models import MPTTModel
from polymorphic.models import PolymorphicModel
from strawberry.django.views import GraphQLView as Berry
from taggit.managers import TaggableManager
from two_factor.views import LoginView as TwoFactorLogin
from two_factor.views.mixins import OTPRequiredMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page


class Contact(forms.Form):
    pass


class Signup(SignupForm):
    pass


class Enter(UserCreationForm):
    pass


class Orders(admin.ModelAdmin):
    pass


class Lines(admin.TabularInline):
    pass


class Guarded(GuardedModelAdmin, ImportExportModelAdmin):
    pass


class Users(UserAdmin):
    pass


class Site(admin.AdminSite):
    login_template = "x"


class Dated(models.Model):
    class Meta:
        abstract = True


class Owned(Dated):
    class Meta(Dated.Meta):
        abstract = True


class Person(AbstractUser, Dated):
    class Meta:
        abstract = True


class Bare(AbstractBaseUser, PermissionsMixin):
    class Meta:
        abstract = True


class Tree(MPTTModel):
    class Meta:
        abstract = True


class Poly(PolymorphicModel):
    class Meta:
        abstract = True


class News(Page):
    class Meta:
        abstract = True
        app_label = "parts"


class Everyone(BaseUserManager):
    pass


class Plain(models.Manager):
    pass


class Rows(models.QuerySet):
    pass


class Char(models.CharField):
    pass


class Slow(MiddlewareMixin):
    pass


class Auth(AuthenticationMiddleware):
    pass


class Csrf(CsrfViewMiddleware):
    pass


class Backend(ModelBackend):
    pass


class Socket(WebsocketConsumer):
    pass


class Async(AsyncJsonWebsocketConsumer):
    pass


class Map(Sitemap):
    pass


class Command(BaseCommand):
    pass


class Adapter(DefaultAccountAdapter):
    pass


class Social(DefaultSocialAccountAdapter):
    pass


class Sign(SignupView):
    pass


class Query(graphene.ObjectType):
    pass


class Graph(GraphQLView):
    pass


class Graph2(Berry):
    pass


class Inline(InlineFormSetFactory):
    pass


class WithLines(CreateWithInlinesView):
    pass


class ByObject(PermissionRequiredMixin, SignupView):
    raise_exception = True


class Hijack(AcquireUserView):
    pass


class Two(OTPRequiredMixin, TwoFactorLogin):
    pass


class Snippets(ModelViewSet):
    pass


class Books(resources.ModelResource):
    pass


class Tags(TaggableManager):
    pass


class Meta(forms.ModelForm):
    pass


class Choice(models.TextChoices):
    A = "a"
