use crate::views::tests::Found;

const URLS: &str = "from django.urls import include, path, re_path\nfrom shop import views\n\
    api = ([path('list/', views.page, name='list'), path('item/<int:pk>/', views.page, name='item')], 'api')\n\
    urlpatterns = [\n    path('', views.page, name='home'),\n\
    path('login/', views.page, name='login'),\n\
    path('webhook/<str:secret>/', views.page, name='webhook'),\n\
    re_path(r'^reports/(?P<pk>\\d+)/cover$', views.page, name='cover'),\n\
    re_path(r'^reports/(?P<pk>\\d+)/$', views.page, name='report'),\n\
    path('api/', include(api)),\n    path('any/<slug:kind>/', views.page),\n]\n";

const PATHS: [&str; 8] = [
    "",
    "login/",
    "webhook/<str:secret>/",
    "^reports/(?P<pk>\\d+)/cover$",
    "^reports/(?P<pk>\\d+)/$",
    "api/list/",
    "api/item/<int:pk>/",
    "any/<slug:kind>/",
];

/// The levels of the routes of [`PATHS`] behind this middleware, one letter a route: `p` for public, `a` for
/// authenticated, `c` for what is not told further.
fn levels(settings: &str, middleware: &str) -> String {
    let settings =
        format!("ROOT_URLCONF = 'urls'\nMIDDLEWARE = ['shop.middleware.Gate']\n{settings}\n");
    let middleware = format!(
        "import re\nfrom django.conf import settings\nfrom django.http import HttpResponseRedirect\n\
         from django.shortcuts import redirect\nfrom django.urls import resolve\n{middleware}\n"
    );
    let found = Found::of(&[
        ("settings.py", &settings),
        ("urls.py", URLS),
        ("shop/__init__.py", ""),
        ("shop/middleware.py", &middleware),
        ("shop/views.py", "def page(request):\n    return None\n"),
    ]);
    let letter = |path: &&str| found.access(path).trim_start_matches("* ").chars().next();
    PATHS.iter().filter_map(letter).collect()
}

/// A middleware that asks for a login unless this holds.
fn gate(constants: &str, exempt: &str) -> String {
    format!(
        "{constants}\nclass Gate:\n    def __init__(self, get_response):\n        \
         self.get_response = get_response\n    def __call__(self, request):\n        \
         if not request.user.is_authenticated:\n            path = request.path_info.lstrip('/')\n            \
         match = resolve(request.path_info)\n            if not {exempt}:\n                \
         return redirect('login')\n        return self.get_response(request)\n"
    )
}

#[test]
fn patterns_of_the_settings_exempt_the_addresses_that_they_match() {
    let settings = "LOGIN_URL = '/login/'\nLOGIN_EXEMPT_URLS = (r'^webhook/', r'reports/\\d+/cover$')\n\
                    import os\nif os.environ.get('OPEN'):\n    LOGIN_EXEMPT_URLS += (r'^api/',)";
    let constants = "EXEMPT = [re.compile(settings.LOGIN_URL.lstrip('/'))]\n\
                     if hasattr(settings, 'LOGIN_EXEMPT_URLS'):\n    \
                     EXEMPT += [re.compile(expr) for expr in settings.LOGIN_EXEMPT_URLS]";
    let any = "any(m.match(path) for m in EXEMPT)";
    assert_eq!(levels(settings, &gate(constants, any)), "apppaaaa");
    let inline = "any(re.match(p, path) for p in settings.LOGIN_EXEMPT_URLS)";
    assert_eq!(levels(settings, &gate("", inline)), "aappaaaa");
}

#[test]
fn lists_of_addresses_and_names_exempt_those_in_them() {
    for (constants, exempt, expected) in [
        ("OPEN = ['/', '/login/']", "request.path in OPEN", "ppaaaaaa"),
        ("", "request.path.startswith(('/api/', '/webhook/'))", "aapaappa"),
        ("OPEN = ('login', 'cover')", "match.url_name in OPEN", "apapaaaa"),
        ("OPEN = {'api:list', 'home'}", "match.view_name in OPEN", "paaaapaa"),
        ("", "request.resolver_match.url_name == 'login'", "apaaaaaa"),
        // Some of the addresses of one route, but not all.
        ("", "request.path.startswith('/any/a')", "aaaaaaac"),
        // A function that is handed the request may look at its address.
        ("", "self.is_open(request)", "cccccccc"),
        // A table that is not known leaves everything open.
        ("OPEN = load()", "request.path in OPEN", "cccccccc"),
    ] {
        assert_eq!(levels("", &gate(constants, exempt)), expected, "{exempt} {constants}");
    }
}

#[test]
fn a_table_of_what_is_protected_protects_only_that() {
    let gate = "class Gate:\n    def __init__(self, get_response):\n        \
                self.get_response = get_response\n    def __call__(self, request):\n        \
                if request.path.startswith('/api/') and not request.user.is_authenticated:\n            \
                return redirect('login')\n        return self.get_response(request)\n";
    assert_eq!(levels("", gate), "pppppaap");
}

#[test]
fn a_name_that_is_assigned_twice_is_what_both_are() {
    let gate = |second: &str| {
        format!(
            "class Gate:\n    def __init__(self, get_response):\n        \
             self.get_response = get_response\n    def __call__(self, request):\n        \
             if not request.user.is_authenticated:\n            path = request.path_info\n            \
             if path != '/login/':\n                return redirect('login')\n        \
             if request.user.is_authenticated:\n            path = {second}\n            \
             print(path)\n        return self.get_response(request)\n"
        )
    };
    assert_eq!(levels("", &gate("request.path_info")), "apaaaaaa");
    assert_eq!(levels("", &gate("request.path_info.lower()")), "cccccccc");
}
