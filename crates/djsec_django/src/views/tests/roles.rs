//! Tables that say what somebody may do.

use super::{Found, project};

#[test]
fn rows_that_say_what_somebody_may_do_everywhere_are_permissions() {
    let found = project(
        "",
        r"
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.db import models
from django.contrib.auth.decorators import login_required

class Helper(models.Model):
    user = models.ForeignKey('auth.User', on_delete=models.CASCADE)
    level = models.IntegerField()
    team = models.IntegerField()

class Levels:
    HIGH = 2

@login_required
def a(request):
    first = Team.objects.first()
    if not Helper.objects.filter(user=request.user, level__gte=Levels.HIGH, team=first).exists():
        raise PermissionDenied
    return render(request, 'a.html')

@login_required
def b(request, team):
    if not Helper.objects.filter(user=request.user, level__gte=2, team=team).exists():
        raise PermissionDenied
    return render(request, 'b.html')

@login_required
def c(request):
    if not Helper.objects.filter(user=request.user).exists():
        raise PermissionDenied
    return render(request, 'c.html')
",
        "path('a/', views.a), path('b/<int:team>/', views.b), path('c/', views.c),",
    );
    assert_eq!(found.access("a/"), "* permission a row of Helper");
    assert_eq!(found.access("b/<int:team>/"), "* authenticated");
    assert_eq!(found.access("c/"), "* authenticated");
}

const ACCOUNTS: &str = r#"
EDITORS = "Editors"

class User(AbstractUser):
    is_author = models.BooleanField(default=False)
    is_moderator = models.BooleanField(default=False)

    @property
    def group_names(self):
        return [group.name for group in self.groups.all()]

    @cached_property
    def is_editor(self):
        return EDITORS in self.group_names or self.is_superuser

    def may_print(self):
        return self.is_editor or "Printers" in self.groups.values_list("name", flat=True)

    @property
    def is_guest(self):
        return not self.is_staff

    @property
    def is_known(self):
        return self.is_authenticated

    @property
    def is_round(self):
        return self.is_flat()

    def is_flat(self):
        return self.is_round
"#;

#[test]
fn what_the_user_model_says_of_its_users_is_what_its_code_asks_for() {
    let views = format!(
        r"
from django.contrib.auth.decorators import login_required, user_passes_test
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseForbidden
from django.shortcuts import render
from django.utils.functional import cached_property
{ACCOUNTS}
def is_editor(user):
    if not user.is_editor:
        raise PermissionDenied
    return True

@user_passes_test(is_editor)
def a(request): ...

@login_required
def b(request):
    if not request.user.may_print():
        return HttpResponseForbidden()
    return render(request, 'b.html')

@login_required
def c(request):
    if request.user.is_guest:
        raise PermissionDenied
    return render(request, 'c.html')

@login_required
def d(request):
    groups = request.user.groups.values_list('name', flat=True)
    if 'Readers' not in groups:
        raise PermissionDenied
    return render(request, 'd.html')

@login_required
@user_passes_test(lambda user: user.is_known)
def e(request): ...

@login_required
@user_passes_test(lambda user: user.is_author)
def f(request): ...

@login_required
@user_passes_test(lambda user: user.is_round)
def g(request): ...

@login_required
@user_passes_test(lambda user: user.is_moderator)
def i(request): ...

@login_required
@user_passes_test(lambda user: not user.is_moderator)
def j(request): ...

@login_required
def h(request, group):
    if group not in request.user.group_names:
        raise PermissionDenied
    return render(request, 'h.html')
"
    );
    let found = project(
        "INSTALLED_APPS = ['shop']\nAUTH_USER_MODEL = 'shop.User'",
        &views,
        "path('a/', views.a), path('b/', views.b), path('c/', views.c), path('d/', views.d), path('e/', views.e), path('f/', views.f), path('g/', views.g), path('h/<group>/', views.h), path('i/', views.i), path('j/', views.j),",
    );
    assert_eq!(found.access("a/"), "* permission group Editors");
    assert_eq!(found.access("b/"), "* permission group Editors or group Printers");
    assert_eq!(found.access("c/"), "* staff");
    assert_eq!(found.access("d/"), "* permission group Readers");
    // No more than a login, a field that may mean anything, and a circle.
    assert_eq!(found.access("e/"), "* authenticated");
    assert_eq!(found.access("f/"), "* authenticated");
    assert_eq!(found.access("g/"), "* authenticated");
    assert_eq!(found.access("i/"), "* permission user.is_moderator");
    assert_eq!(found.access("j/"), "* authenticated");
    // Which group is asked for comes with the request.
    assert_eq!(found.access("h/<group>/"), "* authenticated");
}

#[test]
fn a_view_that_is_switched_off_is_judged_as_if_it_were_on() {
    let found = project(
        "import os\nEXPORTS = os.environ.get('EXPORTS') == 'on'\nNEVER = False\nDEBUG = os.environ.get('DEBUG') == 'on'",
        r"
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import render

@login_required
def a(request):
    if not settings.EXPORTS:
        return HttpResponseForbidden()
    if not request.user.is_staff:
        return HttpResponseForbidden()
    return render(request, 'a.html')

@login_required
def b(request):
    if settings.EXPORTS:
        if not request.user.is_superuser:
            raise PermissionDenied
        return render(request, 'b.html')
    raise Http404

@login_required
def c(request):
    if not settings.NEVER:
        raise Http404
    if not request.user.is_staff:
        return HttpResponseForbidden()
    return render(request, 'c.html')
",
        "path('a/', views.a), path('b/', views.b), path('c/', views.c),",
    );
    assert_eq!(found.access("a/"), "* staff");
    assert_eq!(found.access("b/"), "* superuser");
    // Nobody ever comes in.
    assert_eq!(found.access("c/"), "* authenticated");
}

#[test]
fn who_fails_a_check_and_is_told_nothing_is_refused() {
    let found = project(
        "",
        r"
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

@login_required
def a(request):
    if not request.user.is_staff or request.method != 'GET':
        return HttpResponse(status=204)
    return render(request, 'a.html')

@login_required
def b(request):
    if request.user.is_superuser:
        return render(request, 'b.html')
    else:
        return HttpResponse()

@login_required
def c(request):
    if not request.user.is_staff:
        return HttpResponse('', content_type='text/plain')
    return render(request, 'c.html')

@login_required
def d(request):
    if not request.user.is_staff:
        return HttpResponse(request.user.notes)
    return render(request, 'd.html')

@login_required
def e(request):
    if request.method != 'GET':
        return HttpResponse(status=204)
    return render(request, 'e.html')

def f(request):
    if not request.user.is_authenticated:
        Visit.objects.create(note=request.POST['note'])
        return HttpResponse(status=204)
    return render(request, 'f.html')

def g(request):
    if not request.user.is_authenticated:
        return StreamingHttpResponse(streaming_content=lines())
    return render(request, 'g.html')
",
        "path('a/', views.a), path('b/', views.b), path('c/', views.c), path('d/', views.d), path('e/', views.e), path('f/', views.f), path('g/', views.g),",
    );
    // What is done for whoever fails a check is done for them.
    assert_eq!(found.access("f/"), "* public");
    assert_eq!(found.access("g/"), "* public");
    assert_eq!(found.access("a/"), "* staff");
    assert_eq!(found.access("b/"), "* superuser");
    assert_eq!(found.access("c/"), "* staff");
    assert_eq!(found.access("d/"), "* authenticated");
    assert_eq!(found.access("e/"), "* authenticated");
}

#[test]
fn properties_of_users_that_ask_each_other_are_followed_once() {
    let each = |at: usize| {
        let others: Vec<String> = (0..150).map(|other| format!("self.is_{other}")).collect();
        format!("    @property\n    def is_{at}(self):\n        return {}\n", others.join(" or "))
    };
    let models: String = (0..150).map(each).collect();
    let models = format!(
        "from django.contrib.auth.models import AbstractUser\n\nclass User(AbstractUser):\n{models}"
    );
    let found = Found::of(&[
        (
            "settings.py",
            "ROOT_URLCONF = 'urls'\nINSTALLED_APPS = ['shop']\nAUTH_USER_MODEL = 'shop.User'\n",
        ),
        (
            "urls.py",
            "from django.urls import path\nfrom shop import views\nurlpatterns = [path('a/', views.a)]\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/models.py", &models),
        (
            "shop/views.py",
            "from django.contrib.auth.decorators import user_passes_test\n\n@user_passes_test(lambda user: user.is_0 or 'x' in user.is_1)\ndef a(request): ...\n",
        ),
    ]);
    assert!(found.access("a/").starts_with('*'));
}
