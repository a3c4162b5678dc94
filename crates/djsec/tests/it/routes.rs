//! `djsec routes`: the attack surface of a project, its formats, filters and lock.

use serde_json::Value;

use super::Project;

const SCHEMA: &str = include_str!("../../../../docs/schema/djsec-routes-1.schema.json");

const URLS: &str = "\
from django.urls import include, path
from orders import views

urlpatterns = [
    path('', views.home, name='home'),
    path('orders/', include('orders.urls')),
]
";

const VIEWS: &str = "\
from django.contrib.auth.decorators import login_required


def home(request):
    return None


@login_required
def order_list(request):
    return None
";

/// A project with two routes, and `more` on top of it.
fn project(more: &[(&str, &str)]) -> Project {
    let files = [
        (
            "manage.py",
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        ),
        ("requirements.txt", "Django==5.2.6\n"),
        ("shop/__init__.py", ""),
        (
            "shop/settings.py",
            "DEBUG = False\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\n\
             INSTALLED_APPS = ['django.contrib.auth', 'orders']\nMIDDLEWARE = []\n",
        ),
        (
            "shop/wsgi.py",
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        ),
        ("shop/urls.py", URLS),
        ("orders/__init__.py", ""),
        (
            "orders/urls.py",
            "from django.urls import path\nfrom . import views\napp_name = 'orders'\n\
             urlpatterns = [path('all/', views.order_list, name='list')]\n",
        ),
        ("orders/views.py", VIEWS),
    ];
    Project::new(&[&files, more].concat())
}

fn json(project: &Project, arguments: &[&str]) -> (i32, Value) {
    let ran = project.run(&[&["routes", "--format", "json"], arguments].concat());
    assert_eq!(ran.stderr, "");
    (ran.status, serde_json::from_str(&ran.stdout).expect("JSON"))
}

fn patterns(document: &Value) -> Vec<&str> {
    let routes = document["projects"][0]["routes"].as_array().expect("a list");
    routes.iter().map(|route| route["pattern"].as_str().expect("a pattern")).collect()
}

#[test]
fn every_route_is_shown_with_its_view() {
    let project = project(&[]);
    let ran = project.run(&["routes"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("shop.urls\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\norders  2 routes\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("/orders/all/"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n2 routes: "), "{}", ran.stdout);
}

#[test]
fn the_json_is_valid_by_the_published_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/shop");
    for (project, path) in [(project(&[]), "."), (Project::new(&[]), example)] {
        let (_, document) = json(&project, &[path]);
        let complaints: Vec<String> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(complaints, Vec::<String>::new());
    }
    let (status, document) = json(&project(&[]), &[]);
    assert_eq!((status, &document["incomplete"]), (0, &Value::Bool(false)));
    let route = &document["projects"][0]["routes"][1];
    assert_eq!(route["pattern"], "/orders/all/");
    assert_eq!(route["full_name"], "orders:list");
    assert_eq!(route["view"]["path"], "orders.views.order_list");
    assert_eq!(route["view"]["place"]["path"], "orders/views.py");
    assert_eq!(route["view"]["place"]["range"]["start"]["line"], 9);
    assert_eq!(route["place"]["path"], "orders/urls.py");
}

#[test]
fn a_urlconf_that_is_not_there_is_a_gap_and_the_table_incomplete() {
    let urls = "from django.urls import include, path\n\
                urlpatterns = [path('blog/', include('blog.urls'))]\n";
    let project = project(&[("shop/urls.py", urls)]);
    let (status, document) = json(&project, &[]);
    assert_eq!((status, &document["incomplete"]), (3, &Value::Bool(true)));
    let gap = &document["projects"][0]["gaps"][0];
    assert_eq!(gap["prefix"], "/blog/");
    assert!(gap["reason"].as_str().is_some_and(|reason| reason.contains("blog.urls")), "{gap}");
    for format in ["text", "markdown", "html", "csv"] {
        let ran = project.run(&["routes", "--format", format]);
        assert_eq!(ran.status, 3, "{format}");
        assert!(ran.stdout.contains("blog.urls"), "{format}: {}", ran.stdout);
    }
}

/// What `i18n_patterns` and `include` do inside, written out with a class of one's own.
const MADE: &str = "\
from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern
from orders import views


class Prefix(LocalePrefixPattern):
    @property
    def language_prefix(self):
        return 'en/'


def in_language(*urls):
    return [URLResolver(Prefix(prefix_default_language=False), list(urls))]


urlpatterns = in_language(
    path('about/', views.home),
    URLResolver(RoutePattern('more/'), 'orders.urls', app_name='more', namespace='more'),
) + [URLPattern(RegexPattern(r'^plain/$'), views.home, name='plain')]
";

#[test]
fn resolvers_that_a_project_makes_itself_are_followed() {
    let project = project(&[("shop/urls.py", MADE)]);
    let (status, document) = json(&project, &[]);
    assert_eq!(status, 0, "{document:#}");
    let expected = ["/<language>/about/", "/<language>/more/all/", "/plain/$"];
    assert_eq!(patterns(&document), expected);
}

#[test]
fn filters_narrow_the_table_and_say_so() {
    let project = project(&[]);
    let (_, named) = json(&project, &["--name", "orders:*"]);
    assert_eq!(patterns(&named), ["/orders/all/"]);
    assert_eq!(named["projects"][0]["summary"]["left_out"], 1);
    let (_, under) = json(&project, &["--path", "/orders/*"]);
    assert_eq!(patterns(&under), ["/orders/all/"]);
    let (_, app) = json(&project, &["--app", "orders"]);
    assert_eq!(patterns(&app), ["/", "/orders/all/"]);
    let ran = project.run(&["routes", "--path", "/orders/*"]);
    assert!(ran.stdout.contains("1 other route is left out by the filters"), "{}", ran.stdout);
}

#[test]
fn what_no_route_has_is_told_with_the_nearest() {
    let project = project(&[]);
    let ran = project.run(&["routes", "--app", "order"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert_eq!(
        ran.stderr.lines().next(),
        Some("error: no route is of an app 'order' (did you mean 'orders'?)"),
    );
    let ran = project.run(&["routes", "--path", "orders/*"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("patterns begin with '/'"), "{}", ran.stderr);
    let ran = project.run(&["routes", "--name", "[a"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("'[a' is not a pattern"), "{}", ran.stderr);
}

#[test]
fn a_lock_holds_until_something_changes() {
    let project = project(&[]);
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.starts_with("error: there is no 'djsec-routes.lock'"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--write-lock"), "{}", ran.stderr);

    let ran = project.run(&["routes", "--write-lock"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("2 routes written to djsec-routes.lock"), "{}", ran.stderr);
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    assert_eq!(ran.stdout, "Who may reach what is as the lock says.\n");

    // Code that moves is no change, whatever its lines.
    project.write("orders/views.py", format!("\n\n\n{VIEWS}").as_bytes());
    assert_eq!(project.run(&["routes", "--check-lock"]).status, 0);

    let urls = URLS.replace("'', views.home", "'start/', views.home");
    project.write("shop/urls.py", urls.as_bytes());
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
    assert!(ran.stdout.contains("New routes\n  + /start/  orders.views.home"), "{}", ran.stdout);
    assert!(ran.stdout.contains("Removed routes\n  - /  orders.views.home"), "{}", ran.stdout);
}

#[test]
fn a_guard_that_is_taken_away_is_weaker_and_one_that_comes_stronger() {
    let project = project(&[]);
    let (_, public) = json(&project, &["--public"]);
    assert_eq!(patterns(&public), ["/"]);
    assert_eq!(project.run(&["routes", "--write-lock"]).status, 0);

    project.write("orders/views.py", VIEWS.replace("@login_required\n", "").as_bytes());
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.stdout,
        "Weaker guards\n  ! /orders/all/  orders.views.order_list\n      \
         anyone may reach it now, was every signed-in user\n\n1 change: 1 weaker.\n"
    );

    let guarded = VIEWS.replace("def home", "@login_required\ndef home");
    project.write("orders/views.py", guarded.as_bytes());
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.stdout.starts_with("Stronger guards\n  ~ /  orders.views.home\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn views_have_methods_access_and_guards_with_places() {
    let views = "\
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.contrib.auth.decorators import login_required, permission_required


@csrf_exempt
@require_POST
def home(request):
    return None


@permission_required('orders.view_order')
def order_list(request):
    return None
";
    let project = project(&[("orders/views.py", views)]);
    let (_, document) = json(&project, &[]);
    let home = &document["projects"][0]["routes"][0];
    assert_eq!(home["methods"], serde_json::json!(["POST"]));
    assert_eq!((&home["level"], &home["csrf"]["state"]), (&"public".into(), &"exempt".into()));
    let list = &document["projects"][0]["routes"][1];
    assert_eq!(list["level"], "permission");
    assert_eq!(list["access"][0]["permission"], "orders.view_order");
    assert_eq!(list["guards"][0]["kind"], "decorator");
    assert_eq!(list["guards"][0]["place"]["range"]["start"]["line"], 12);
    let (_, unsafe_only) = json(&project, &["--unsafe-methods", "--path", "/"]);
    assert_eq!(patterns(&unsafe_only), ["/"]);
}

#[test]
fn limits_of_logins_and_templates_are_shown() {
    let views = "\
from django.contrib.auth.views import LoginView
from django.shortcuts import render


def home(request):
    return render(request, 'orders/home.html')


order_list = LoginView.as_view()
";
    let settings = "\
DEBUG = False
SECRET_KEY = 'x'
ROOT_URLCONF = 'shop.urls'
INSTALLED_APPS = ['django.contrib.auth', 'axes', 'orders']
AUTHENTICATION_BACKENDS = [
    'axes.backends.AxesStandaloneBackend',
    'django.contrib.auth.backends.ModelBackend',
]
MIDDLEWARE = ['axes.middleware.AxesMiddleware']
";
    let project = project(&[("orders/views.py", views), ("shop/settings.py", settings)]);
    let (_, document) = json(&project, &[]);
    let of = |at: usize, key: &str| document["projects"][0]["routes"][at][key].clone();
    assert_eq!(of(0, "templates"), serde_json::json!(["orders/home.html"]));
    assert_eq!(of(0, "throttle"), serde_json::json!([]));
    assert_eq!(of(1, "templates"), serde_json::json!(["registration/login.html"]));
    assert_eq!(of(1, "throttle"), serde_json::json!(["3 failures (django-axes)"]));
    let text = project.run(&["routes"]).stdout;
    assert!(text.contains("3 failures"), "{text}");
    let csv = project.run(&["routes", "--format", "csv"]).stdout;
    assert!(csv.contains("orders/home.html") && csv.contains("3 failures (django-axes)"), "{csv}");
}

#[test]
fn objects_of_others_are_told_from_own_ones() {
    let views = "\
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from .models import Order


@login_required
def home(request, pk):
    return get_object_or_404(Order, pk=pk)


@login_required
def order_list(request, pk):
    return get_object_or_404(Order, pk=pk, customer=request.user)
";
    let models = "\
from django.conf import settings
from django.db import models


class Order(models.Model):
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
";
    let urls = "from django.urls import path\nfrom orders import views\n\
                urlpatterns = [path('a/<int:pk>/', views.home), path('b/<int:pk>/', views.order_list)]\n";
    let project = project(&[
        ("orders/views.py", views),
        ("orders/models.py", models),
        ("shop/urls.py", urls),
    ]);
    let (_, document) = json(&project, &[]);
    let scoping = |at: usize| document["projects"][0]["routes"][at]["scoping"].clone();
    assert_eq!(scoping(0), serde_json::json!({"state": "unscoped", "detail": "Order by pk"}));
    assert_eq!(scoping(1), serde_json::json!({"state": "scoped", "detail": "by customer"}));
}

#[test]
fn a_lock_may_have_another_name_and_lies_in_the_project() {
    let project = project(&[]);
    assert_eq!(project.run(&["routes", "--write-lock=who.lock"]).status, 0);
    assert_eq!(project.run(&["routes", "--check-lock=who.lock"]).status, 0);
    assert_eq!(project.run(&["routes", ".", "--write-lock", "--quiet"]).stderr, "");
    assert!(project.read("djsec-routes.lock").contains("pattern = \"/orders/all/\""));
}

#[test]
fn a_broken_lock_is_one_line() {
    let project = project(&[]);
    project.write("djsec-routes.lock", b"version = 1\n<<<<<<< HEAD\n");
    let ran = project.run(&["routes", "--check-lock"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.starts_with("error: 'djsec-routes.lock' is no lock: djsec-routes.lock:2: "),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.stderr.lines().count(), 2, "{}", ran.stderr);
}

#[test]
fn mistyped_arguments_are_one_line_and_a_hint() {
    let project = project(&[]);
    for (arguments, line) in [
        (&["routes", "--format", "htm"][..], "error: 'htm' is no value for --format"),
        (&["routes", "--publik"], "error: unknown option '--publik' (did you mean '--public'?)"),
        (
            &["routes", "--write-lock", "--check-lock"],
            "error: --write-lock and --check-lock exclude each other",
        ),
        (
            &["routes", "--check-lock", "--public"],
            "error: --check-lock and --public exclude each other",
        ),
        (&["routes", "shopp"], "error: there is no 'shopp' (did you mean 'shop'?)"),
    ] {
        let ran = project.run(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        let first = ran.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with(line), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 2, "{}", ran.stderr);
    }
}

#[test]
fn addresses_that_configurations_of_apps_give_are_found() {
    let settings = "DEBUG = False\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = []\n\
                    INSTALLED_APPS = ['django.contrib.auth', 'shop.apps.Shop', 'orders.apps.Orders']\n";
    let base = "from django.apps import AppConfig\nclass WithUrls(AppConfig):\n    namespace = None\n    \
                def get_urls(self):\n        return []\n    @property\n    def urls(self):\n        \
                return self.get_urls(), self.label, self.namespace\n";
    let shop = "from django.apps import apps\nfrom django.urls import path\nfrom shop.base import WithUrls\n\
                class Shop(WithUrls):\n    name = 'shop'\n    def ready(self):\n        \
                self.orders = apps.get_app_config('sales')\n    def get_urls(self):\n        \
                return [path('orders/', self.orders.urls), path('by-label/', apps.get_app_config('sales').urls)]\n";
    let orders = "from django.urls import path\nfrom shop.base import WithUrls\nfrom shop.loading import load\n\
                  class Orders(WithUrls):\n    name = 'orders'\n    label = 'sales'\n    namespace = 'sales'\n    \
                  def ready(self):\n        super().ready()\n        self.all = load('orders.views', 'order_list')\n    \
                  def get_urls(self):\n        return [path('all/', self.all, name='all')]\n";
    let loading = "from django.utils.module_loading import import_string\n\
                   def load(module, name):\n    return import_string('%s.%s' % (module, name))\n";
    let urls = "from django.apps import apps\nfrom django.urls import include, path\n\
                urlpatterns = [path('', include(apps.get_app_config('shop').urls[0])), \
                path('gone/', include(apps.get_app_config('nobody').urls[0]))]\n";
    let project = project(&[
        ("shop/settings.py", settings),
        ("shop/base.py", base),
        ("shop/apps.py", shop),
        ("shop/loading.py", loading),
        ("shop/urls.py", urls),
        ("orders/apps.py", orders),
    ]);
    let (_, table) = json(&project, &[]);
    assert_eq!(patterns(&table), ["/orders/all/", "/by-label/all/"]);
    let first = &table["projects"][0]["routes"][0];
    assert_eq!(first["view"]["path"], "orders.views.order_list");
    assert_eq!(first["full_name"], "sales:all");
    let gaps = table["projects"][0]["gaps"].as_array().expect("a list");
    assert_eq!(gaps.len(), 1, "{gaps:?}");
}

#[test]
fn two_projects_in_one_tree_are_two_sections() {
    let settings = "DEBUG = False\nROOT_URLCONF = 'b.urls'\n";
    let manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'b.settings')\n";
    let first = project(&[]);
    let files: Vec<(String, String)> = ["manage.py", "shop/settings.py", "shop/urls.py"]
        .iter()
        .map(|path| (format!("one/{path}"), first.read(path)))
        .chain(
            ["shop/__init__.py", "orders/__init__.py"].map(|p| (format!("one/{p}"), String::new())),
        )
        .chain(["orders/urls.py", "orders/views.py"].map(|p| (format!("one/{p}"), first.read(p))))
        .collect();
    let mut all: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.extend([
        ("two/manage.py", manage),
        ("two/b/__init__.py", ""),
        ("two/b/settings.py", settings),
        ("two/b/urls.py", "urlpatterns = []\n"),
    ]);
    let both = Project::new(&all);
    let (_, document) = json(&both, &[]);
    let roots: Vec<&str> = document["projects"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|project| project["root"].as_str().expect("a root"))
        .collect();
    assert_eq!(roots, ["one", "two"]);
    let text = both.run(&["routes"]).stdout;
    assert!(text.contains("shop.urls in one\n") && text.contains("b.urls in two\n"), "{text}");
}
