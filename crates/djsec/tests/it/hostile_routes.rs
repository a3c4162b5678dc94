//! Hostile routes, classes and views: each run ends, finds what there is, and says what it cut.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{Project, notices};

/// A project with this root URLconf, and `more` beside it.
fn project(urls: &str, more: &[(&str, &str)]) -> Project {
    let settings = "DEBUG = False\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\n\
                    INSTALLED_APPS = ['django.contrib.auth', 'shop']\nMIDDLEWARE = []\n";
    let wsgi = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
    let files = [
        ("manage.py", wsgi),
        ("requirements.txt", "Django==5.2.6\n"),
        ("shop/__init__.py", ""),
        ("shop/settings.py", settings),
        ("shop/wsgi.py", wsgi),
        ("shop/urls.py", urls),
    ];
    Project::new(&[&files, more].concat())
}

/// The exit status and the table of `djsec routes`, after it has been seen that `check` survives too,
/// and is incomplete where addresses were cut off.
fn routes(project: &Project) -> (i32, Value) {
    let ran = project.run(&["routes", "--format", "json"]);
    assert_eq!(ran.stderr, "");
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let table = document["projects"][0].clone();
    let (status, report) = project.json(&[]);
    let ids = notices(&report);
    assert!(!ids.iter().any(|id| id.contains("crash")), "{}", report["notices"]);
    let cut = ["more than", "included already", "nested too deeply", "more work"];
    if gaps(&table).iter().any(|gap| cut.iter().any(|words| gap.contains(words))) {
        assert_eq!((ran.status, status), (3, 3));
        assert!(ids.contains(&"routes-cut"), "{ids:?}");
    }
    (ran.status, table)
}

fn patterns(project: &Value) -> Vec<&str> {
    let routes = project["routes"].as_array().expect("a list");
    routes.iter().map(|route| route["pattern"].as_str().expect("a pattern")).collect()
}

fn gaps(project: &Value) -> Vec<&str> {
    let gaps = project["gaps"].as_array().expect("a list");
    gaps.iter().map(|gap| gap["reason"].as_str().expect("a reason")).collect()
}

/// Classes that each derive from the one before, the first from `base`.
fn chain(base: &str, length: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "class C0({base}):\n    pass");
    for i in 1..length {
        let _ = writeln!(text, "class C{i}(C{}):\n    pass", i - 1);
    }
    text
}

const HOME: &str = "from django.urls import include, path\nfrom shop import views\n";
const VIEW: &str = "def home(request):\n    return None\n";

#[test]
fn a_urlconf_that_includes_itself_is_cut_and_named() {
    let urls = format!(
        "{HOME}urlpatterns = [path('', views.home), path('again/', include('shop.urls'))]\n"
    );
    let (status, table) = routes(&project(&urls, &[("shop/views.py", VIEW)]));
    assert_eq!((status, patterns(&table)), (3, vec!["/"]));
    assert_eq!(gaps(&table), ["an include of what is being included already"]);
}

#[test]
fn includes_in_a_circle_are_cut_where_they_close() {
    let urls = format!("{HOME}urlpatterns = [path('a/', include('shop.a'))]\n");
    let next = |name: &str| {
        format!(
            "{HOME}urlpatterns = [path('x/', views.home), path('n/', include('shop.{name}'))]\n"
        )
    };
    let (a, b, c) = (next("b"), next("c"), next("a"));
    let files = [("shop/views.py", VIEW), ("shop/a.py", &a), ("shop/b.py", &b), ("shop/c.py", &c)];
    let (status, table) = routes(&project(&urls, &files));
    assert_eq!(status, 3);
    assert_eq!(patterns(&table), ["/a/x/", "/a/n/x/", "/a/n/n/x/"]);
    assert_eq!(gaps(&table), ["an include of what is being included already"]);
}

#[test]
fn a_list_of_patterns_that_holds_itself_is_cut() {
    let urls = format!(
        "{HOME}urlpatterns = [path('', views.home)]\n\
         urlpatterns.append(path('again/', include(urlpatterns)))\n"
    );
    let (status, table) = routes(&project(&urls, &[("shop/views.py", VIEW)]));
    // Once as the list of the module, once as what it includes.
    assert_eq!((status, patterns(&table)), (3, vec!["/", "/again/"]));
    assert_eq!(gaps(&table), ["an include of what is being included already"]);
}

#[test]
fn two_thousand_nested_includes_are_cut_and_named() {
    let mut urls = String::from(HOME);
    urls.push_str("patterns = [path('leaf/', views.home)]\nfor i in range(2000):\n");
    urls.push_str("    patterns = [path('n/', include(patterns)), path('here/', views.home)]\n");
    urls.push_str("urlpatterns = patterns\n");
    let (status, table) = routes(&project(&urls, &[("shop/views.py", VIEW)]));
    assert_eq!((status, gaps(&table)), (3, vec!["includes nested too deeply"]));
    assert_eq!(patterns(&table).len(), 50);
}

#[test]
fn two_thousand_modules_that_include_the_next_are_cut_and_named() {
    let mut files = vec![("shop/views.py".to_owned(), VIEW.to_owned())];
    for i in 0..2000 {
        let text = format!(
            "{HOME}urlpatterns = [path('x/', views.home), path('n/', include('shop.u{}'))]\n",
            i + 1
        );
        files.push((format!("shop/u{i}.py"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let urls = format!("{HOME}urlpatterns = [path('', include('shop.u0'))]\n");
    let (status, table) = routes(&project(&urls, &files));
    assert_eq!(status, 3);
    assert!(patterns(&table).len() >= 20, "{}", patterns(&table).len());
    assert!(gaps(&table).iter().any(|gap| gap.contains("nested too deep")), "{:?}", gaps(&table));
}

#[test]
fn a_urlconf_in_an_endless_loop_ends_and_is_incomplete() {
    let urls = format!(
        "{HOME}urlpatterns = [path('first/', views.home)]\nn = 0\nwhile True:\n    n += 1\n    \
         urlpatterns.append(path(f'page/{{n}}/', views.home))\n"
    );
    let (status, table) = routes(&project(&urls, &[("shop/views.py", VIEW)]));
    assert_eq!(status, 3);
    assert!(!gaps(&table).is_empty());
    assert!(patterns(&table).first() == Some(&"/first/"), "{:?}", gaps(&table));
}

#[test]
fn a_urlconf_function_that_calls_itself_ends_and_is_incomplete() {
    let urls = format!(
        "{HOME}def build(n):\n    return [path(f'{{n}}/', views.home)] + build(n + 1)\n\
         urlpatterns = [path('first/', views.home), *build(0)]\n"
    );
    let (status, table) = routes(&project(&urls, &[("shop/views.py", VIEW)]));
    assert_eq!((status, patterns(&table).first()), (3, Some(&"/first/")));
    assert!(!gaps(&table).is_empty());
}

#[test]
fn ten_thousand_routes_from_a_loop_are_all_found() {
    let urls = format!(
        "{HOME}urlpatterns = []\nfor n in range(10000):\n    \
         urlpatterns.append(path(f'page/{{n}}/', views.home))\n"
    );
    let project = project(&urls, &[("shop/views.py", VIEW)]);
    let ran = project.run(&["routes", "--format", "csv"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.stdout.lines().filter(|line| line.contains("/page/")).count(), 10_000);
    assert!(ran.stdout.contains("/page/9999/"));
}

#[test]
fn fifty_thousand_routes_are_cut_at_the_bound_and_named() {
    let mut urls = format!("{HOME}pages = [\n");
    for n in 0..1000 {
        let _ = writeln!(urls, "    path('{n}/', views.home),");
    }
    urls.push_str("]\nurlpatterns = [\n");
    for n in 0..50 {
        let _ = writeln!(urls, "    path('part{n}/', include(pages)),");
    }
    urls.push_str("]\n");
    let project = project(&urls, &[("shop/views.py", VIEW)]);
    let ran = project.run(&["routes", "--format", "csv"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (3, ""));
    assert!(ran.stdout.contains("more than 20000 routes"));
    assert!(ran.stdout.contains("/part19/999/") && !ran.stdout.contains("/part20/1/"));
    let (status, report) = project.json(&[]);
    assert_eq!((status, notices(&report).contains(&"routes-cut")), (3, true));
}

#[test]
fn a_check_says_that_addresses_may_be_missing() {
    let told = |urls: &str| {
        let project = project(urls, &[("shop/views.py", VIEW)]);
        let (status, report) = project.json(&[]);
        (status == 3, notices(&report).contains(&"routes-unseen"))
    };
    let known = format!("{HOME}urlpatterns = [path('a/', views.home)]\n");
    let unseen = format!(
        "{HOME}urlpatterns = [path('a/', views.home), path('b/', include('elsewhere.urls'))]\n"
    );
    assert_eq!(told(&known), (false, false));
    // Their code is kept elsewhere: that makes no run incomplete.
    assert_eq!(told(&unseen), (false, true));
}

#[test]
fn classes_that_derive_from_each_other_are_survived() {
    let views = "from shop.other import Other\n\
                 class Page(Other):\n    def get(self, request):\n        return None\n\
                 class Own(Own):\n    def get(self, request):\n        return None\n\
                 class Left(Right):\n    pass\n\
                 class Right(Left):\n    def post(self, request):\n        return None\n";
    let other = "from shop.views import Page\nclass Other(Page):\n    pass\n";
    let urls = format!(
        "{HOME}urlpatterns = [path('page/', views.Page.as_view()), \
         path('own/', views.Own.as_view()), path('left/', views.Left.as_view())]\n"
    );
    let files = [("shop/views.py", views), ("shop/other.py", other)];
    let (_, table) = routes(&project(&urls, &files));
    assert_eq!(patterns(&table), ["/page/", "/own/", "/left/"]);
}

#[test]
fn imports_in_a_circle_are_survived() {
    let urls = format!("{HOME}urlpatterns = [path('a/', views.first), path('b/', views.second)]\n");
    let views = "from shop.a import *\nfrom shop.a import second\n";
    let a = "from shop.b import *\nfrom shop.b import second\n";
    let b = "from shop.views import *\nfrom shop.views import second\n\
             def first(request):\n    return None\n";
    let files = [("shop/views.py", views), ("shop/a.py", a), ("shop/b.py", b)];
    let (_, table) = routes(&project(&urls, &files));
    assert_eq!(patterns(&table), ["/a/", "/b/"]);
    assert_eq!(table["routes"][0]["view"]["path"], "shop.b.first");
}

#[test]
fn a_guard_a_hundred_classes_up_counts() {
    let mut views = String::from(
        "from django.contrib.auth.mixins import LoginRequiredMixin\nfrom django.views import View\n",
    );
    views.push_str(&chain("LoginRequiredMixin, View", 110));
    let urls = format!("{HOME}urlpatterns = [path('', views.C109.as_view())]\n");
    let (status, table) = routes(&project(&urls, &[("shop/views.py", &views)]));
    assert_eq!((status, &table["routes"][0]["level"]), (0, &"authenticated".into()));
}

#[test]
fn a_chain_of_classes_that_is_too_long_is_never_called_public() {
    let mut views = String::from(
        "from django.contrib.auth.mixins import LoginRequiredMixin\nfrom django.views import View\n",
    );
    views.push_str(&chain("LoginRequiredMixin, View", 2000));
    let urls = format!("{HOME}urlpatterns = [path('', views.C1999.as_view())]\n");
    let (_, table) = routes(&project(&urls, &[("shop/views.py", &views)]));
    assert_eq!(table["routes"][0]["level"], "unknown");
}

#[test]
fn a_lattice_of_classes_is_ordered_once() {
    let mut classes = String::from(
        "from django.contrib.auth.mixins import LoginRequiredMixin\nfrom django.views import View\n\
         class A0(LoginRequiredMixin, View):\n    pass\nclass B0(LoginRequiredMixin, View):\n    pass\n",
    );
    for i in 1..31 {
        let before = i - 1;
        let _ = writeln!(classes, "class A{i}(A{before}, B{before}):\n    pass");
        let _ = writeln!(classes, "class B{i}(A{before}, B{before}):\n    pass");
    }
    // Once where the classes are only named, once where the URLconf's own evaluation makes them.
    let outside = format!("{HOME}urlpatterns = [path('', views.A30.as_view())]\n");
    let inside = format!("{HOME}{classes}urlpatterns = [path('', A30.as_view())]\n");
    for urls in [outside, inside] {
        let (status, table) = routes(&project(&urls, &[("shop/views.py", &classes)]));
        assert_eq!((status, &table["routes"][0]["level"]), (0, &"authenticated".into()));
    }
}

#[test]
fn a_decorator_that_decorates_itself_is_survived() {
    let views = "@guard\ndef guard(view):\n    return guard(view)\n\
                 def ping(view):\n    return pong(view)\ndef pong(view):\n    return ping(view)\n\
                 @guard\ndef home(request):\n    return None\n\
                 @ping\n@pong\ndef other(request):\n    return None\n";
    let urls = format!(
        "{HOME}urlpatterns = [path('a/', views.home), path('b/', views.other), \
         path('c/', views.guard(views.ping(views.home)))]\n"
    );
    let (_, table) = routes(&project(&urls, &[("shop/views.py", views)]));
    assert_eq!(patterns(&table), ["/a/", "/b/", "/c/"]);
    for route in table["routes"].as_array().unwrap() {
        assert_ne!(route["level"], "public", "{route}");
    }
}

#[test]
fn helpers_that_call_each_other_are_survived() {
    let mut views = String::from(
        "from shop.models import A\ndef home(request, pk):\n    return h0(request, pk)\n",
    );
    for i in 0..200 {
        let (a, b) = ((i + 1) % 200, (i * 7 + 3) % 200);
        let _ = writeln!(
            views,
            "def h{i}(request, pk):\n    if pk:\n        return h{a}(request, pk)\n    \
             x = h{b}(request, A.objects.get(pk=pk))\n    return x"
        );
    }
    let models = "from django.db import models\n\
                  class A(models.Model):\n    b = models.ForeignKey('B', models.CASCADE)\n    \
                  me = models.ForeignKey('self', models.CASCADE)\n\
                  class B(models.Model):\n    c = models.ForeignKey('C', models.CASCADE)\n\
                  class C(models.Model):\n    a = models.ForeignKey('A', models.CASCADE)\n    \
                  b = models.OneToOneField('B', models.CASCADE)\n";
    let urls = format!("{HOME}urlpatterns = [path('<int:pk>/', views.home)]\n");
    let files = [("shop/views.py", views.as_str()), ("shop/models.py", models)];
    let (_, table) = routes(&project(&urls, &files));
    assert_eq!(patterns(&table), ["/<int:pk>/"]);
}

#[test]
fn a_view_of_ten_thousand_lines_is_cut_and_what_it_does_with_objects_unknown() {
    let mut views = String::from(
        "from django.contrib.auth.decorators import login_required\nfrom shop.models import A\n\
         @login_required\ndef home(request, pk):\n    x = A.objects.get(pk=pk)\n",
    );
    for i in 0..3_300 {
        let _ = writeln!(
            views,
            "    if request.GET.get('a{i}'):\n        x.name = 'a{i}'\n    y{i} = x.name + 'b'"
        );
    }
    views.push_str("    x.delete()\n");
    let models = "from django.db import models\n\
                  class A(models.Model):\n    name = models.TextField()\n";
    let urls = format!("{HOME}urlpatterns = [path('<int:pk>/', views.home)]\n");
    let files = [("shop/views.py", views.as_str()), ("shop/models.py", models)];
    let (_, table) = routes(&project(&urls, &files));
    let route = &table["routes"][0];
    assert_eq!(
        (&route["level"], &route["scoping"]["state"]),
        (&"authenticated".into(), &"unknown".into())
    );
}

#[test]
fn applications_that_hold_themselves_are_cut_and_named() {
    let asgi = "from channels.routing import ProtocolTypeRouter, URLRouter\n\
                from django.urls import path\nfrom shop.consumers import Chat\n\
                patterns = [path('chat/', Chat.as_asgi())]\n\
                patterns.append(path('again/', URLRouter(patterns)))\n\
                application = ProtocolTypeRouter({'websocket': URLRouter(patterns)})\n\
                application = ProtocolTypeRouter({'websocket': application})\n";
    let consumers = "from channels.generic.websocket import WebsocketConsumer\n\
                     class Chat(WebsocketConsumer):\n    pass\n";
    let project =
        project("urlpatterns = []\n", &[("shop/asgi.py", asgi), ("shop/consumers.py", consumers)]);
    let settings =
        project.read("shop/settings.py") + "ASGI_APPLICATION = 'shop.asgi.application'\n";
    project.write("shop/settings.py", settings.as_bytes());
    let (status, table) = routes(&project);
    assert_eq!((status, gaps(&table)), (3, vec!["applications nested too deeply"]));
    assert_eq!(patterns(&table).first(), Some(&"/chat/"));
}

/// A router of the project's own: it asks each class what it has, and goes through what it made again.
const ROUTER: &str = "\
from collections import namedtuple
from django.urls import URLResolver, include, path, re_path

Page = namedtuple('Page', ['url', 'mapping', 'kwargs'])
Extra = namedtuple('Extra', ['url', 'kwargs'])


class Router:
    pages = [
        Page(url=r'^{prefix}$', mapping={'get': 'list', 'post': 'create'}, kwargs={'suffix': 'List'}),
        Extra(url=r'^{prefix}/{name}$', kwargs={}),
    ]

    def __init__(self):
        self.registry = []

    def register(self, prefix, viewset):
        self.registry.append((prefix, viewset))

    def pages_of(self, viewset):
        marked = []
        for name in dir(viewset):
            method = getattr(viewset, name)
            methods = getattr(method, 'reached_by', None)
            if methods:
                marked.append(([each.lower() for each in methods], name))
        made = []
        for page in self.pages:
            if isinstance(page, Extra):
                for methods, name in marked:
                    kwargs = page.kwargs.copy()
                    kwargs.update(getattr(viewset, name).given)
                    mapping = dict((each, name) for each in methods)
                    made.append(Page(url=page.url.replace('{name}', name), mapping=mapping, kwargs=kwargs))
            else:
                made.append(page)
        return made

    @property
    def urls(self):
        made = []
        for prefix, viewset in self.registry:
            for page in self.pages_of(viewset):
                mapping = {}
                for method, action in page.mapping.items():
                    if hasattr(viewset, action):
                        mapping[method] = action
                if not mapping:
                    continue
                view = viewset.as_view(mapping, **page.kwargs)
                made.append(re_path(page.url.format(prefix=prefix), view, name=prefix))
        return suffixed(made)


def suffixed(patterns):
    out = []
    for pattern in patterns:
        regex = pattern.pattern.regex.pattern
        if isinstance(pattern, URLResolver):
            inner = suffixed(pattern.url_patterns)
            out.append(re_path(regex, include((inner, pattern.app_name))))
        else:
            out.append(pattern)
            out.append(re_path(regex.rstrip('$') + r'\\.json$', pattern.callback))
    return out


def reached_by(methods, **given):
    def mark(method):
        method.reached_by = methods
        method.given = given
        return method
    return mark
";

/// Viewsets for it, derived from `base`, and the lines that register them.
fn viewsets(base: &str, count: usize) -> (String, String) {
    let mut views = format!("from shop.router import reached_by\n{base}\n");
    let mut urls =
        String::from("from shop import views\nfrom shop.router import Router\nrouter = Router()\n");
    for n in 0..count {
        let _ = writeln!(
            views,
            "class V{n}(Base):\n    def list(self, request):\n        return None\n\n    \
             @reached_by(['POST'], level={n})\n    def close(self, request):\n        return None\n"
        );
        let _ = writeln!(urls, "router.register('v{n}', views.V{n})");
    }
    urls.push_str("urlpatterns = router.urls\n");
    (views, urls)
}

#[test]
fn a_router_of_the_projects_own_is_run_with_what_its_classes_have() {
    let (views, urls) =
        viewsets("from django.views import View\nclass Base(View):\n    x = 'y'", 60);
    let files = [("shop/router.py", ROUTER), ("shop/views.py", views.as_str())];
    let (status, table) = routes(&project(&urls, &files));
    assert_eq!((status, gaps(&table).len()), (0, 0), "{:?}", gaps(&table));
    let found = patterns(&table);
    assert_eq!(found.len(), 240);
    let first = ["/v0$", "/v0\\.json$", "/v0/close$", "/v0/close\\.json$"];
    assert_eq!(found.iter().take(4).copied().collect::<Vec<_>>(), first);
}

#[test]
fn a_router_that_asks_classes_nobody_knows_ends_and_says_that_more_may_follow() {
    let (views, urls) = viewsets("from elsewhere import Base", 60);
    let files = [("shop/router.py", ROUTER), ("shop/views.py", views.as_str())];
    let started = std::time::Instant::now();
    let (status, table) = routes(&project(&urls, &files));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    assert_eq!(status, 3);
    assert!(gaps(&table).len() < 50, "{:?}", gaps(&table));
    assert!(patterns(&table).len() < 2000, "{}", patterns(&table).len());
}
