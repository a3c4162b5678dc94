//! Groups of users.

use super::project;

#[test]
fn being_among_the_names_of_ones_groups_is_a_permission() {
    let found = project(
        "",
        r#"
from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseForbidden
from django.shortcuts import render

KEEPERS = {"keepers", "owners"}

def names_of(user):
    return user.groups.values_list("name", flat=True)

@login_required
def a(request):
    names = request.user.groups.values_list("name", flat=True)
    if "keepers" not in names:
        raise PermissionDenied
    return render(request, "a.html")

@login_required
def b(request):
    if not {"keepers", "owners"} & set(request.user.groups.values_list("name", flat=True)):
        raise PermissionDenied
    return render(request, "b.html")

@login_required
def c(request):
    names = set(request.user.groups.values_list("name", flat=True))
    if KEEPERS.isdisjoint(names):
        return HttpResponseForbidden()
    return render(request, "c.html")

@user_passes_test(lambda user: any(name in KEEPERS for name in user.groups.all()))
def d(request):
    return render(request, "d.html")

@login_required
def e(request):
    names = request.user.groups.values_list("name", flat=True)
    if "keepers" in names:
        raise PermissionDenied
    return render(request, "e.html")

@login_required
def f(request):
    names = set(request.GET.getlist("names"))
    if not KEEPERS.intersection(names):
        raise PermissionDenied
    return render(request, "f.html")
"#,
        "path('a/', views.a), path('b/', views.b), path('c/', views.c), path('e/', views.e), path('f/', views.f),",
    );
    assert_eq!(found.access("a/"), "* permission group keepers");
    assert_eq!(found.access("b/"), "* permission group keepers or owners");
    assert_eq!(found.access("c/"), "* permission a group");
    assert_eq!(found.access("e/"), "* authenticated");
    assert_eq!(found.access("f/"), "* authenticated");
}

#[test]
fn a_mixin_that_keeps_its_answer_and_hands_the_question_on_is_followed() {
    let found = project(
        "",
        r#"
from django.contrib.auth.mixins import AccessMixin, LoginRequiredMixin
from django.views.generic import TemplateView

class Grouped(AccessMixin):
    wanted = None

    def belongs(self, names):
        if not self.request.user.is_authenticated:
            return False
        if self.request.user.is_superuser:
            return True
        own = self.request.user.groups.values_list("name", flat=True)
        return set(names).intersection(set(own))

    def dispatch(self, request, *args, **kwargs):
        belongs = self.belongs([self.wanted])
        if not belongs:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)

class Keepers(Grouped):
    wanted = "keepers"

    def belongs(self, names):
        if self.request.user.is_staff:
            return True
        return super().belongs(names)

class A(LoginRequiredMixin, Grouped, TemplateView):
    template_name = "a.html"

class B(LoginRequiredMixin, Keepers, TemplateView):
    template_name = "b.html"
"#,
        "path('a/', views.A.as_view()), path('b/', views.B.as_view()),",
    );
    assert!(found.access("a/").ends_with("permission a group"), "{}", found.access("a/"));
    assert!(found.access("b/").ends_with("permission a group"), "{}", found.access("b/"));
}

#[test]
fn a_name_that_a_user_may_choose_is_no_group() {
    let found = project(
        "INSTALLED_APPS = ['shop']\nAUTH_USER_MODEL = 'shop.User'",
        r#"
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import render

EVERY = ["keepers", "owners"]

class User(AbstractUser):
    nick = models.CharField(max_length=9)

    @property
    def group_names(self):
        if self.is_superuser:
            return EVERY
        return [group.name for group in self.groups.all()]

    @property
    def nicks(self):
        if self.nick:
            return [self.nick]
        return [group.name for group in self.groups.all()]

    @property
    def size(self):
        return self.groups.count()

@login_required
def a(request):
    if "keepers" not in request.user.group_names:
        raise PermissionDenied
    return render(request, "a.html")

@login_required
def b(request):
    if "keepers" not in request.user.nicks:
        raise PermissionDenied
    return render(request, "b.html")

@login_required
def c(request):
    if 3 in request.user.size:
        return render(request, "c.html")
    raise PermissionDenied
"#,
        "path('a/', views.a), path('b/', views.b), path('c/', views.c),",
    );
    assert_eq!(found.access("a/"), "* permission group keepers");
    assert_eq!(found.access("b/"), "* authenticated");
    assert_eq!(found.access("c/"), "* authenticated");
}
