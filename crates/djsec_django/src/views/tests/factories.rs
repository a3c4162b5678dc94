//! Decorators of the project that other functions of it make.

use super::project;

#[test]
fn a_decorator_that_another_function_makes_asks_what_that_one_asks() {
    let found = project(
        "",
        r"
from functools import wraps
from django.http import HttpResponseForbidden, HttpResponseRedirect
from django.shortcuts import render

def ask(away, deny=None):
    def decorator(view):
        def inner(request, *args, **kwargs):
            if away(request.user):
                return HttpResponseRedirect('/login/')
            if deny and deny(request.user):
                return HttpResponseForbidden()
            return view(request, *args, **kwargs)
        return wraps(view)(inner)
    return decorator

def timed(name):
    def decorator(view):
        def inner(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            response['X-Time'] = name
            return response
        return inner
    return decorator

def permission_needed(permission):
    def deny(user):
        return not user.has_perm(permission)
    return ask(lambda user: not user.is_authenticated, deny=deny)

def members():
    return ask(lambda user: not user.is_authenticated)

def slow():
    return timed('slow')

@permission_needed('shop.change_order')
def a(request): ...

@members()
def b(request): ...

@slow()
def c(request): ...
",
        "path('a/', views.a), path('b/', views.b), path('c/', views.c),",
    );
    assert_eq!(found.access("a/"), "* permission shop.change_order");
    // What a function is given is not run: somebody is asked, and it is not known what.
    assert!(found.access("b/").starts_with("* custom"), "{}", found.access("b/"));
    assert_eq!(found.access("c/"), "* public");
}
