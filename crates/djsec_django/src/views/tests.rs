mod factories;
mod forgiven;
mod groups;
mod imports;
mod inherited;
mod marked;
mod roles;

use super::{GuardSource, Level, NoEffect, Purpose, View, Views};
use crate::hierarchy::Hierarchy;
use crate::models::{self, Apps};
use crate::routes::{self, Routes};
use crate::trees::Tree;
use djsec_base::{File, FileKind, Files, Role};
use djsec_deps::Inventory;
use djsec_python::eval::{Budget, Environment};

/// The views of a project by the path of their route, as `path: method level, …`.
pub(super) struct Found {
    routes: Routes,
    views: Views,
}

impl Found {
    pub(super) fn of(tree: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| {
            File::new((*path).into(), FileKind::Python, Role::Application, Some((*text).into()))
        };
        let files = Files::new(tree.iter().map(file).collect());
        let Tree { program, settings } = Tree::of(tree);
        let inventory = Inventory::read(&files, "".into());
        let hierarchy = Hierarchy::new(&program);
        let routes = routes::evaluate(routes::Request {
            hierarchy: &hierarchy,
            files: &files,
            program: &program,
            settings: &settings,
            inventory: &inventory,
            root: "".into(),
            environment: Environment::default(),
            budget: Budget::default(),
        });
        let hierarchy = Hierarchy::new(&program);
        let modules: Vec<_> = program.modules().map(|(id, _)| id).collect();
        let apps = Apps::new(&settings, &program, "".into());
        let models = models::collect(&program, &hierarchy, &modules, &apps, &settings);
        let views = Views::build(&program, &hierarchy, &settings, &routes, &models);
        let views = views.with_templates(&program, &hierarchy, &settings, &routes, &models);
        Self { routes, views }
    }

    pub(super) fn view(&self, path: &str) -> &View {
        let at = self.routes.routes.iter().position(|route| {
            let full: String = route.segments.iter().map(|segment| &*segment.text).collect();
            full == path
        });
        let all = || {
            self.routes
                .routes
                .iter()
                .map(|route| route.segments.iter().map(|s| &*s.text).collect::<String>())
                .collect::<Vec<_>>()
        };
        let at = at.unwrap_or_else(|| panic!("no route {path} in {:?}", all()));
        &self.views.all[at]
    }

    pub(super) fn routes(&self) -> &Routes {
        &self.routes
    }

    /// `GET public, POST staff`
    pub(super) fn access(&self, path: &str) -> String {
        let entries = self.view(path).access.iter();
        let words: Vec<_> = entries.map(|(method, level)| format!("{method} {level}")).collect();
        words.join(", ")
    }
}

/// A project of one app with these views and URL patterns.
pub(super) fn project(settings: &str, views: &str, urls: &str) -> Found {
    let settings = format!("ROOT_URLCONF = 'urls'\n{settings}\n");
    let urls = format!(
        "from django.urls import path\nfrom shop import views\n\nurlpatterns = [\n{urls}\n]\n"
    );
    Found::of(&[
        ("settings.py", &settings),
        ("urls.py", &urls),
        ("shop/__init__.py", ""),
        ("shop/views.py", views),
    ])
}

#[test]
fn decorators_guard_what_they_stand_around() {
    let found = project(
        "",
        r"
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_required, permission_required, user_passes_test
from django.views.decorators.cache import cache_page
from elsewhere import traced

def home(request): ...

@login_required
def orders(request): ...

@permission_required('shop.add_order', raise_exception=True)
def add(request): ...

@cache_page(60)
@staff_member_required
def report(request): ...

@user_passes_test(lambda u: u.is_active and u.is_superuser)
def wipe(request): ...

def is_editor(user):
    return user.groups.filter(name='editors').exists()

editors_only = user_passes_test(is_editor)

@editors_only
def edit(request): ...

@traced
def seen(request): ...
",
        "path('', views.home), path('orders/', views.orders), path('add/', views.add), path('report/', views.report), path('wipe/', views.wipe), path('edit/', views.edit), path('seen/', views.seen), path('wrapped/', login_required(views.home)),",
    );
    assert_eq!(found.access(""), "* public");
    assert_eq!(found.access("orders/"), "* authenticated");
    assert_eq!(found.access("add/"), "* permission shop.add_order");
    assert_eq!(found.access("report/"), "* staff");
    assert_eq!(found.access("wipe/"), "* superuser");
    assert_eq!(found.access("edit/"), "* permission group editors");
    // Nobody knows what that decorator does.
    assert_eq!(found.access("seen/"), "* unknown");
    let guard = &found.view("orders/").guards[0];
    assert_eq!(guard.what, "django.contrib.auth.decorators.login_required");
    assert_eq!(guard.source, GuardSource::Decorator);
    assert!(guard.place.is_some());
}

#[test]
fn the_urlconf_guards_what_it_wraps() {
    let found = Found::of(&[
        ("settings.py", "ROOT_URLCONF = 'urls'\n"),
        (
            "urls.py",
            "from django.urls import path\nfrom django.contrib.auth.decorators import login_required\nfrom shop import views\nurlpatterns = [path('a/', login_required(views.home)), path('b/', views.home)]\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/views.py", "def home(request): ...\n"),
    ]);
    assert_eq!(found.access("a/"), "* authenticated");
    assert_eq!(found.view("a/").guards[0].source, GuardSource::UrlConf);
    assert_eq!(found.access("b/"), "* public");
}

#[test]
fn decorators_of_the_project_are_followed() {
    let found = project(
        "",
        r"
from functools import wraps
from django.contrib.auth.decorators import login_required, user_passes_test
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

def managers(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect('login')
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)
    return inner

def timed(view):
    def inner(request, *args, **kwargs):
        start = now()
        response = view(request, *args, **kwargs)
        response['X-Time'] = now() - start
        return response
    return inner

def members(view=None):
    actual = user_passes_test(lambda u: u.is_authenticated)
    return actual(view) if view else actual

@managers
def a(request): ...

@timed
def b(request): ...

@members
def c(request): ...
",
        "path('a/', views.a), path('b/', views.b), path('c/', views.c),",
    );
    assert_eq!(found.access("a/"), "* staff");
    assert_eq!(found.access("b/"), "* public");
    assert_eq!(found.access("c/"), "* authenticated");
}

#[test]
fn checks_at_the_start_of_a_body_count() {
    let found = project(
        "",
        r"
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render

def a(request):
    if not request.user.is_authenticated:
        return redirect('/start/')
    return render(request, 'a.html')

def b(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.owner != request.user and not request.user.is_staff:
        return HttpResponseForbidden()
    return render(request, 'b.html')

def c(request):
    if request.user.is_authenticated:
        return redirect('/mine/')
    return render(request, 'landing.html')

def d(request):
    if request.method == 'POST':
        if not request.user.is_staff:
            raise PermissionDenied
        save(request)
    return render(request, 'd.html')

def e(request):
    if request.user:
        return render(request, 'e.html')
    return redirect('login')

def only_staff(request):
    if not request.user.is_staff:
        raise PermissionDenied

def f(request):
    only_staff(request)
    return render(request, 'f.html')
",
        "path('a/', views.a), path('b/', views.b), path('c/', views.c), path('d/', views.d), path('e/', views.e), path('f/', views.f),",
    );
    assert_eq!(found.access("a/"), "* authenticated");
    assert_eq!(found.access("b/"), "* custom (order.owner is request.user)");
    assert_eq!(found.access("c/"), "* public");
    assert_eq!(found.access("d/"), "* public, POST staff");
    // `AnonymousUser` is as true as any other user.
    assert_eq!(found.access("e/"), "* public");
    assert_eq!(found.access("f/"), "* staff");
}

#[test]
fn mixins_count_before_view_only() {
    let found = project(
        "",
        r"
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin, UserPassesTestMixin
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import ListView, UpdateView

class Orders(LoginRequiredMixin, ListView):
    model = Order

class Wrong(ListView, LoginRequiredMixin):
    model = Order

class Edit(PermissionRequiredMixin, UpdateView):
    permission_required = 'shop.change_order'

class Own(UserPassesTestMixin, UpdateView):
    def test_func(self):
        return self.request.user.is_superuser

@login_required
class Plain(View):
    def get(self, request): ...

@method_decorator(login_required, name='dispatch')
class Fine(View):
    def get(self, request): ...

class Half(View):
    def get(self, request): ...

    @method_decorator(login_required)
    def post(self, request): ...

class Guarded:
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_staff:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)

class Page(Guarded, View):
    def get(self, request): ...
",
        "path('orders/', views.Orders.as_view()), path('wrong/', views.Wrong.as_view()), path('edit/', views.Edit.as_view()), path('own/', views.Own.as_view()), path('plain/', views.Plain.as_view()), path('fine/', views.Fine.as_view()), path('half/', views.Half.as_view()), path('page/', views.Page.as_view()),",
    );
    assert_eq!(found.access("orders/"), "* authenticated");
    assert_eq!(found.access("wrong/"), "* public");
    let wrong = &found.view("wrong/").guards[0];
    assert_eq!(wrong.without_effect, Some(NoEffect::MixinAfterView));
    assert_eq!(found.access("edit/"), "* permission shop.change_order");
    assert_eq!(found.access("own/"), "* superuser");
    assert_eq!(found.access("plain/"), "* public");
    assert_eq!(found.view("plain/").guards[0].without_effect, Some(NoEffect::DecoratorOnClass));
    assert_eq!(found.access("fine/"), "* authenticated");
    assert_eq!(found.access("half/"), "GET public, POST authenticated");
    assert_eq!(found.access("page/"), "* staff");
}

const API: &str = "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated'], 'DEFAULT_AUTHENTICATION_CLASSES': ['rest_framework.authentication.TokenAuthentication']}\nMIDDLEWARE = ['django.middleware.csrf.CsrfViewMiddleware']";

#[test]
fn permission_classes_of_drf_count_by_class_action_and_default() {
    let found = Found::of(&[
        ("settings.py", &format!("ROOT_URLCONF = 'urls'\n{API}\n")),
        (
            "urls.py",
            "from django.urls import path\nfrom shop import views\nurlpatterns = [path('orders/', views.Orders.as_view({'get': 'list', 'post': 'create'})), path('order/', views.Orders.as_view({'get': 'retrieve', 'put': 'update', 'patch': 'partial_update', 'delete': 'destroy'})), path('open/', views.Open.as_view()), path('default/', views.Default.as_view()), path('fn/', views.fn), path('typo/', views.Typo.as_view()), path('own/', views.Own.as_view())]\n",
        ),
        ("shop/__init__.py", ""),
        (
            "shop/views.py",
            r"
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAdminUser, IsAuthenticated
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

class StaffOrReadOnly(BasePermission):
    def has_permission(self, request, view):
        if request.method in SAFE_METHODS:
            return True
        return request.user.is_staff

class Orders(ModelViewSet):
    def get_permissions(self):
        if self.action == 'list':
            return [AllowAny()]
        if self.action in ('destroy', 'update'):
            permission_classes = [IsAdminUser]
        else:
            permission_classes = [IsAuthenticated]
        return [permission() for permission in permission_classes]

class Open(APIView):
    permission_classes = [AllowAny]
    authentication_classes = [SessionAuthentication]
    def get(self, request): ...

class Default(APIView):
    def post(self, request): ...

@api_view(['POST'])
@permission_classes([IsAuthenticated & StaffOrReadOnly])
def fn(request): ...

class Typo(APIView):
    permission_classes = []
    permission_class = IsAdminUser
    def get(self, request): ...

class Own(APIView):
    permission_classes = [StaffOrReadOnly | IsAuthenticated]
    def get(self, request): ...
    def post(self, request): ...
",
        ),
    ]);
    assert_eq!(found.access("orders/"), "GET public, POST authenticated");
    assert_eq!(
        found.access("order/"),
        "DELETE staff, GET authenticated, PATCH authenticated, PUT staff"
    );
    assert_eq!(found.access("open/"), "* public");
    assert_eq!(found.view("open/").csrf, super::Csrf::EnforcedForSessions);
    assert_eq!(found.access("default/"), "* authenticated");
    assert_eq!(found.view("default/").guards[0].source, GuardSource::DrfDefault);
    assert!(matches!(found.view("default/").csrf, super::Csrf::NotNeeded(_)));
    assert_eq!(found.access("fn/"), "* staff");
    assert_eq!(found.access("typo/"), "* public");
    assert_eq!(found.view("typo/").guards[0].without_effect, Some(NoEffect::NameNotRead));
    assert_eq!(found.access("own/"), "GET public, POST authenticated");
}

#[test]
fn middleware_that_asks_for_a_login_has_exceptions() {
    let found = project(
        "MIDDLEWARE = ['django.contrib.auth.middleware.AuthenticationMiddleware', 'django.contrib.auth.middleware.LoginRequiredMiddleware']",
        r"
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from rest_framework.views import APIView

def home(request): ...

@login_not_required
def about(request): ...

class In(LoginView): ...

class Api(APIView):
    permission_classes = []
    def get(self, request): ...
",
        "path('', views.home), path('about/', views.about), path('in/', views.In.as_view()), path('api/', views.Api.as_view()),",
    );
    assert_eq!(found.access(""), "* authenticated");
    assert_eq!(found.access("about/"), "* public");
    assert_eq!(found.access("in/"), "* public");
    let reason = found.view("in/").public_because.clone().map(|reason| reason.purpose);
    assert_eq!(reason, Some(Purpose::Login));
    // DRF's `as_view` marks its views as not in need of a login.
    assert_eq!(found.access("api/"), "* public");
}

#[test]
fn what_is_public_by_nature_says_why() {
    let found = project(
        "MIDDLEWARE = ['django.middleware.csrf.CsrfViewMiddleware']",
        r"
import hmac
from django.contrib.auth import authenticate, login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

def enter(request):
    user = authenticate(request, username=request.POST['u'], password=request.POST['p'])
    login(request, user)

@csrf_exempt
@require_POST
def hook(request):
    if not hmac.compare_digest(sign(request.body), request.headers['X-Signature']):
        return HttpResponse(status=403)
    return HttpResponse()

@csrf_exempt
@require_POST
def unsigned(request):
    Order.objects.create(data=request.body)
    return HttpResponse()

def healthz(request):
    return HttpResponse('ok')

def login_help(request):
    return render(request, 'help.html', {'orders': Order.objects.all()})
",
        "path('enter/', views.enter), path('hook/', views.hook), path('unsigned/', views.unsigned), path('healthz/', views.healthz), path('login/', views.login_help),",
    );
    let purpose = |path: &str| found.view(path).public_because.clone().map(|r| r.purpose);
    assert_eq!(purpose("enter/"), Some(Purpose::Login));
    assert_eq!(purpose("hook/"), Some(Purpose::Webhook));
    assert_eq!(purpose("unsigned/"), None);
    assert_eq!(purpose("healthz/"), Some(Purpose::Health));
    // An address says nothing.
    assert_eq!(purpose("login/"), None);
    assert!(matches!(found.view("hook/").csrf, super::Csrf::Exempt(..)));
    assert_eq!(found.view("enter/").csrf, super::Csrf::Enforced);
    assert_eq!(found.access("enter/"), "* public");
}

#[test]
fn levels_join_as_checks_do() {
    let permission = |name: &str| Level::Permission(vec![name.to_owned()]);
    assert_eq!(Level::Public.and(Level::Staff), Level::Staff);
    assert_eq!(Level::Unknown("x".into()).and(Level::Authenticated), Level::Authenticated);
    assert_eq!(Level::Unknown("x".into()).or(Level::Authenticated), Level::Unknown("x".into()));
    assert_eq!(
        permission("a").and(permission("b")),
        Level::Permission(vec!["a".into(), "b".into()])
    );
    assert_eq!(permission("a").or(permission("b")), permission("a or b"));
    assert_eq!(Level::Nobody.or(Level::Public), Level::Public);
}

#[test]
fn a_wrapper_that_answers_401_checks_something() {
    let found = project(
        "import os\nKEY = os.environ.get('KEY')\nOPEN = True",
        r"
from functools import wraps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseForbidden

def error(text, status=400):
    return HttpResponse(text, status=status)

def authorize(f):
    @wraps(f)
    def wrapper(request, *args):
        if request.method == 'POST' and not request.body:
            return error('empty')
        project = Project.objects.for_key(request.headers.get('X-Key'))
        if project is None:
            return error('wrong key', 401)
        return f(request, *args)
    return wrapper

def cors(*methods):
    def decorator(f):
        def wrapper(request):
            if request.method == 'OPTIONS':
                response = HttpResponse(status=204)
            else:
                response = f(request)
            response['X'] = '*'
            return response
        return wrapper
    return decorator

@authorize
def read(request): ...

@cors('GET')
def shared(request): ...

@login_required
def mine(request): ...

def either(request):
    if request.method == 'POST':
        return mine(request)
    return mine(request)

def metrics(request):
    if not settings.KEY:
        return HttpResponseForbidden()
    key = request.headers.get('X-Key')
    if key != settings.KEY:
        return HttpResponseForbidden()
    return HttpResponse('1')

def maybe(request):
    if not settings.OPEN and not request.user.is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse('1')

def around(f):
    def wrapper(request):
        return around(f)(request)
    return wrapper

@around
def circle(request):
    x = x and request.user.is_staff
    if not x:
        return HttpResponseForbidden()
",
        "path('read/', views.read), path('shared/', views.shared), path('either/', views.either), path('metrics/', views.metrics), path('maybe/', views.maybe), path('circle/', views.circle),",
    );
    assert_eq!(found.access("read/"), "* custom (project)");
    assert_eq!(found.access("shared/"), "* public");
    assert_eq!(found.access("either/"), "* authenticated");
    assert_eq!(found.access("metrics/"), "* custom (key)");
    assert_eq!(found.access("maybe/"), "* public");
    // What goes round in circles ends.
    assert!(!found.access("circle/").is_empty());
}
