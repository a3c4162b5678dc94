use crate::views::tests::{Found, project};

const VIEWS: &str = r"
from django.contrib.auth import authenticate, login
from django.contrib.auth.views import LoginView
from django_ratelimit.core import is_ratelimited
from django_ratelimit.decorators import ratelimit


class Login(LoginView):
    pass


def own(request):
    user = authenticate(request, username=request.POST['u'], password=request.POST['p'])
    login(request, user)


def by_helper(request):
    return check(request)


def check(request):
    login(request, authenticate(request, username='u', password=request.POST['p']))


def by_link(request, token):
    login(request, find(token))


@ratelimit(key='ip', rate='5/m')
def decorated(request):
    return None


def counted(request):
    if is_ratelimited(request, group='x', key='ip', rate='3/h', increment=True):
        return None


def page(request):
    return None
";

const URLS: &str = "    path('class/', views.Login.as_view()), path('own/', views.own), \
                    path('helper/', views.by_helper), path('link/', views.by_link), \
                    path('decorated/', views.decorated), path('counted/', views.counted), \
                    path('around/', views.ratelimit(key='ip', rate='9/d')(views.page)), \
                    path('page/', views.page)";

const AXES: &str = "INSTALLED_APPS = ['django.contrib.auth', 'axes', 'shop']\n\
                    AUTHENTICATION_BACKENDS = ['axes.backends.AxesStandaloneBackend', \
                    'django.contrib.auth.backends.ModelBackend']\n\
                    MIDDLEWARE = ['axes.middleware.AxesMiddleware']\n";

fn found(settings: &str) -> Found {
    project(settings, VIEWS, URLS)
}

/// The limits of a view, as `package: rate`.
fn limits(found: &Found, path: &str) -> Vec<String> {
    let throttles = found.view(path).throttles.iter();
    let package = |what: &str| what.split('.').next().unwrap_or_default().to_owned();
    let rate = |rate: &Option<String>| rate.clone().unwrap_or_default();
    throttles.map(|one| format!("{}: {}", package(&one.what), rate(&one.rate))).collect()
}

#[test]
fn axes_limits_whatever_asks_the_backends_for_a_password() {
    let found = found(&format!("{AXES}AXES_FAILURE_LIMIT = 5\n"));
    let axes = ["axes: 5 failures (django-axes)"];
    for path in ["class/", "own/", "helper/"] {
        assert_eq!(limits(&found, path), axes, "{path}");
    }
    for path in ["link/", "page/"] {
        assert!(limits(&found, path).is_empty(), "{path}");
    }
    assert!(found.view("class/").throttles.iter().all(|one| one.place.is_some()));
}

#[test]
fn axes_that_is_not_wired_or_switched_off_limits_nothing() {
    for broken in [
        AXES.replace("'axes', ", ""),
        AXES.replace("'axes.backends.AxesStandaloneBackend', ", ""),
        AXES.replace("'axes.middleware.AxesMiddleware'", ""),
        format!("{AXES}AXES_ENABLED = False\n"),
        format!("{AXES}AXES_LOCK_OUT_AT_FAILURE = False\n"),
        format!("import os\n{AXES}AXES_ENABLED = 'AXES' in os.environ\n"),
    ] {
        assert!(limits(&found(&broken), "class/").is_empty(), "{broken}");
    }
    let usual = format!("import os\n{AXES}AXES_ENABLED = not os.environ.get('NO_AXES')\n");
    assert_eq!(limits(&found(&usual), "class/"), ["axes: 3 failures (django-axes)"]);
    let computed = format!("{AXES}AXES_FAILURE_LIMIT = make()\n");
    assert_eq!(limits(&found(&computed), "class/"), ["axes: "]);
}

#[test]
fn defender_limits_what_is_derived_from_the_login_view() {
    let found = found(
        "INSTALLED_APPS = ['defender', 'shop']\n\
         MIDDLEWARE = ['defender.middleware.FailedLoginMiddleware']\n\
         DEFENDER_LOGIN_FAILURE_LIMIT = 1\n",
    );
    assert_eq!(limits(&found, "class/"), ["defender: 1 failure (django-defender)"]);
    assert!(limits(&found, "own/").is_empty());
}

#[test]
fn a_rate_is_read_from_wherever_it_is_asked_for() {
    let found = found("");
    assert_eq!(limits(&found, "decorated/"), ["django_ratelimit: 5/m"]);
    assert_eq!(limits(&found, "counted/"), ["django_ratelimit: 3/h"]);
    assert_eq!(limits(&found, "around/"), ["django_ratelimit: 9/d"]);
}
