//! A middleware that asks the view whether it is marked.

use super::Found;

const MIDDLEWARE: &str = "
from django.shortcuts import redirect

OPEN = set()

class ByAttribute:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, 'is_open', False):
            return None
        if request.user.is_authenticated:
            return None
        return redirect('login')

class BySet:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    @staticmethod
    def _is_open(view):
        if view in OPEN:
            return True
        if hasattr(view, '__wrapped__'):
            return BySet._is_open(view.__wrapped__)
        return False

    @classmethod
    def process_view(cls, request, view_func, _args, _kwargs):
        if request.user.is_authenticated:
            return None
        view = getattr(view_func, 'view_class', view_func)
        if cls._is_open(view):
            return None
        return redirect('login')

class OnlyMarked:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, 'is_closed', False) and not request.user.is_authenticated:
            return redirect('login')

def opened(view):
    view.is_open = True
    return view

def closed(view):
    setattr(view, 'is_closed', True)
    return view

def listed(view):
    OPEN.add(view)
    return view
";

const VIEWS: &str = "
from django.views.generic import TemplateView
from .middleware import closed, listed, opened

def plain(request): ...

@opened
def by_decorator(request): ...

def by_module(request): ...
by_module.is_open = True

def not_at_all(request): ...
not_at_all.is_open = False

@closed
def shut(request): ...

@listed
class Page(TemplateView):
    template_name = 'page.html'

class Other(TemplateView):
    template_name = 'page.html'
";

const ROUTES: &str = "from django.urls import path
from . import views
urlpatterns = [path('plain/', views.plain), path('decorator/', views.by_decorator), path('module/', views.by_module), path('not/', views.not_at_all), path('shut/', views.shut), path('page/', views.Page.as_view()), path('other/', views.Other.as_view())]";

fn with(middleware: &str) -> Found {
    let settings =
        format!("ROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = ['shop.middleware.{middleware}']");
    Found::of(&[
        ("shop/__init__.py", ""),
        ("settings.py", &settings),
        ("shop/middleware.py", MIDDLEWARE),
        ("shop/views.py", VIEWS),
        ("shop/urls.py", ROUTES),
    ])
}

#[test]
fn attributes_of_the_view_are_asked_for() {
    let found = with("ByAttribute");
    assert_eq!(found.access("plain/"), "* authenticated");
    assert_eq!(found.access("decorator/"), "* public");
    assert_eq!(found.access("module/"), "* public");
    assert_eq!(found.access("not/"), "* authenticated");
    assert_eq!(found.access("page/"), "* authenticated");
}

#[test]
fn collections_of_views_are_asked_through_functions() {
    let found = with("BySet");
    assert_eq!(found.access("plain/"), "* authenticated");
    assert_eq!(found.access("decorator/"), "* authenticated");
    assert_eq!(found.access("page/"), "* public");
    assert_eq!(found.access("other/"), "* authenticated");
}

#[test]
fn where_only_marked_views_are_closed_all_others_are_open() {
    let found = with("OnlyMarked");
    assert_eq!(found.access("plain/"), "* public");
    assert_eq!(found.access("shut/"), "* authenticated");
}
