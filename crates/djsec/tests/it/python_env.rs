//! Classes of packages, read from an environment in the tree or one that the user names.

use serde_json::Value;

use crate::{Project, notices};

const SITE: &str = "lib/python3.12/site-packages/company";

const WSGI: &str = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
const SETTINGS: &str = "DEBUG = False\nSECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = []\n\
                        INSTALLED_APPS = ['django.contrib.auth', 'shop']\n";

/// What a company's package offers: a mixin that checks, one that does not, a view, an API's
/// permission, a model.
const PACKAGE: &[(&str, &str)] = &[
    ("__init__.py", "from .views import Secured, Plain, Page\n"),
    (
        "views.py",
        "from django.contrib.auth.decorators import login_required\n\
         from django.core.exceptions import PermissionDenied\n\
         from django.utils.decorators import method_decorator\n\
         from django.views import View\n\
         from .base import Base\n\n\
         class Secured(Base):\n    def dispatch(self, request, *args, **kwargs):\n        \
         if not request.user.is_staff:\n            raise PermissionDenied\n        \
         return super().dispatch(request, *args, **kwargs)\n\n\
         class Plain(Base):\n    pass\n\n\
         @method_decorator(login_required, name='dispatch')\n\
         class Page(View):\n    def get(self, request):\n        return None\n",
    ),
    ("base.py", "class Base:\n    title = 'x'\n"),
    (
        "api.py",
        "from rest_framework.permissions import BasePermission\n\
         class Employee(BasePermission):\n    def has_permission(self, request, view):\n        \
         return bool(request.user and request.user.is_staff)\n\
         class Everyone(BasePermission):\n    def has_permission(self, request, view):\n        \
         return True\n",
    ),
    (
        "models.py",
        "from django.conf import settings\nfrom django.db import models\n\
         class Owned(models.Model):\n    owner = models.ForeignKey(settings.AUTH_USER_MODEL, \
         on_delete=models.CASCADE)\n    class Meta:\n        abstract = True\n",
    ),
];

const VIEWS: &str = "\
from company import Secured, Plain, Page
from company.api import Employee
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.views import View
from rest_framework.views import APIView
from company.nowhere import Missing
from shop.models import Note


class Staff(Secured, View):
    def get(self, request):
        return Note.objects.count()


class Open(Plain, View):
    def get(self, request):
        return Note.objects.count()


class Strange(Missing, View):
    def get(self, request):
        return Note.objects.count()


class Api(APIView):
    permission_classes = [Employee]

    def get(self, request):
        return None


@login_required
def note(request, pk):
    return get_object_or_404(Note, pk=pk)
";

const URLS: &str = "\
from company.views import Page
from django.urls import path
from shop import views

urlpatterns = [
    path('staff/', views.Staff.as_view()),
    path('open/', views.Open.as_view()),
    path('strange/', views.Strange.as_view()),
    path('api/', views.Api.as_view()),
    path('page/', Page.as_view()),
    path('note/<int:pk>/', views.note),
]
";

const MODELS: &str = "\
from company.models import Owned
from django.db import models


class Note(Owned):
    text = models.TextField()
";

/// The project, with the company's package in an environment at this folder.
fn project(environment: &str) -> Project {
    let project = Project::new(&[
        ("app/manage.py", WSGI),
        ("app/requirements.txt", "Django==5.2.6\ndjangorestframework==3.16.0\n"),
        ("app/shop/__init__.py", ""),
        ("app/shop/settings.py", SETTINGS),
        ("app/shop/wsgi.py", WSGI),
        ("app/shop/urls.py", URLS),
        ("app/shop/views.py", VIEWS),
        ("app/shop/models.py", MODELS),
    ]);
    project.write(&format!("{environment}/pyvenv.cfg"), b"version = 3.12.1\n");
    for (path, text) in PACKAGE {
        project.write(&format!("{environment}/{SITE}/{path}"), text.as_bytes());
    }
    project
}

fn levels(project: &Project, arguments: &[&str]) -> Vec<(String, String)> {
    let ran = project.run(&[&["routes", "app", "--format", "json"], arguments].concat());
    assert_eq!(ran.stderr, "");
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let routes = document["projects"][0]["routes"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    routes.iter().map(|route| (text(&route["pattern"]), text(&route["level"]))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn classes_of_packages_are_read_from_an_environment_in_the_tree() {
    let known = pairs(&[
        ("/staff/", "staff"),
        ("/open/", "public"),
        ("/strange/", "unknown"),
        ("/api/", "staff"),
        ("/page/", "authenticated"),
        ("/note/<int:pk>/", "authenticated"),
    ]);
    for environment in ["app/.venv", "app/venv", "app/env"] {
        assert_eq!(levels(&project(environment), &[]), known, "{environment}");
    }
}

#[test]
fn an_environment_elsewhere_is_only_read_when_it_is_named() {
    let project = project("elsewhere");
    let unknown = levels(&project, &[]);
    assert_eq!(unknown[1], ("/open/".to_owned(), "unknown".to_owned()));
    for arguments in
        [["--python-env", "elsewhere"], ["--python-env", "elsewhere/lib/python3.12/site-packages"]]
    {
        let known = levels(&project, &arguments);
        assert_eq!(known[1], ("/open/".to_owned(), "public".to_owned()));
    }
    project.write("app/djsec.toml", b"python-env = \"../elsewhere\"\n");
    assert_eq!(levels(&project, &[])[1].1, "public");
}

#[test]
fn what_is_named_and_no_environment_is_an_error() {
    let project = project("elsewhere");
    for (folder, error) in [
        ("app", "error: 'app' is no virtual environment: it has no pyvenv.cfg"),
        ("elsewher", "error: there is no 'elsewher' (did you mean 'elsewhere'?)"),
        ("app/manage.py", "error: 'app/manage.py' is not a folder"),
    ] {
        let ran = project.run(&["check", "app", "--python-env", folder]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        assert_eq!(ran.stderr.lines().next(), Some(error));
    }
}

#[test]
fn code_of_packages_is_understood_and_not_judged() {
    let project = project("app/.venv");
    let unsafe_view = "from django.views import View\nfrom shop.models import Note\n\
                       class Secured(View):\n    def get(self, request, pk):\n        \
                       Note.objects.get(pk=pk).delete()\n        return eval(request.GET['x'])\n\
                       class Plain: pass\nclass Page(Secured): pass\n";
    project.write(&format!("app/.venv/{SITE}/views.py"), unsafe_view.as_bytes());
    let (_, report) = project.json(&["app", "--confidence", "low"]);
    let findings = report["findings"].as_array().unwrap();
    for finding in findings {
        let text = finding.to_string();
        assert!(!text.contains("venv") && !text.contains("\"path\":\"\""), "{finding}");
    }
    assert!(notices(&report).contains(&"python-env"));
    // The model that a package's class makes one is owned, so its rows are somebody's.
    let rules: Vec<&str> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert!(rules.contains(&"idor-unscoped-lookup"), "{rules:?}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_tree_are_not_followed() {
    let project = project("elsewhere");
    std::os::unix::fs::symlink("../elsewhere", project.path().join("app/.venv")).unwrap();
    assert_eq!(levels(&project, &[])[1].1, "unknown");
}
