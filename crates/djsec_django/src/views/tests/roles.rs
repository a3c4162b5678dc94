//! Tables that say what somebody may do.

use super::project;

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
