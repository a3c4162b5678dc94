use super::Found;

/// What runs when a URLconf imports modules of the project.
fn with_slow_module(package: &str, urls: &str) -> Found {
    Found::of(&[
        ("settings.py", "ROOT_URLCONF = 'urls'\n"),
        ("urls.py", urls),
        ("shop/__init__.py", package),
        ("shop/quick.py", "def page(request): ...\n"),
        ("shop/slow.py", "while True:\n    pass\n\ndef page(request): ...\n\nLIMIT = 3\n"),
    ])
}

#[test]
fn a_submodule_is_not_run_for_a_reference_to_what_it_defines() {
    let urls = "from django.urls import path\nfrom shop import slow\n\nurlpatterns = [path('slow/', slow.page)]\n";
    let found = with_slow_module("", urls);
    assert_eq!(found.access("slow/"), "* public");
    assert_eq!(found.view("slow/").dotted, "shop.slow.page");
    assert!(found.routes.gaps.is_empty(), "{:?}", found.routes.gaps);
}

#[test]
fn what_a_package_itself_has_under_the_name_comes_before_its_submodule() {
    let urls = "from django.urls import path\nfrom shop import slow\n\nurlpatterns = [path('slow/', slow.page)]\n";
    let found = with_slow_module("from . import quick as slow\n", urls);
    assert_eq!(found.view("slow/").dotted, "shop.quick.page");
}

#[test]
fn a_star_import_of_classes_and_functions_alone_runs_nothing() {
    let urls = "from django.urls import path\nfrom shop.all import *\n\nurlpatterns = [path('slow/', page)]\n";
    let with = |all: &str| {
        Found::of(&[
            ("settings.py", "ROOT_URLCONF = 'urls'\n"),
            ("urls.py", urls),
            ("shop/__init__.py", ""),
            ("shop/all.py", all),
            (
                "shop/parts.py",
                "while True:\n    pass\n\ndef page(request): ...\n\nclass Part: ...\n",
            ),
        ])
    };
    for all in ["from .parts import *\n", "from .parts import *\n\n__all__ = ('page', 'Part')\n"] {
        let found = with(all);
        assert_eq!(found.view("slow/").dotted, "shop.parts.page");
        assert!(found.routes.gaps.is_empty(), "{:?}", found.routes.gaps);
    }
    // What is computed has to be run for.
    let found = with("def page(request): ...\n\nMORE = [path('more/', page)]\n");
    assert_eq!(found.view("slow/").dotted, "shop.all.page");
}

#[test]
fn a_module_that_registers_models_in_the_admin_site_is_run() {
    let found = Found::of(&[
        (
            "settings.py",
            "ROOT_URLCONF = 'urls'\nINSTALLED_APPS = ['django.contrib.admin', 'shop']\n",
        ),
        (
            "urls.py",
            "from django.contrib import admin\nfrom django.urls import path\nfrom shop.models import *\n\nurlpatterns = [path('admin/', admin.site.urls)]\n",
        ),
        ("shop/__init__.py", ""),
        (
            "shop/models.py",
            "from django.contrib import admin\nfrom django.db import models\n\nclass Order(models.Model): ...\n\nadmin.site.register(Order)\n",
        ),
    ]);
    assert_eq!(found.access("admin/shop/order/"), "* staff");
}
