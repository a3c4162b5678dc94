use djsec_base::{System, Utf8Path};

use super::{BASE_IMPORT, FILES, builds_on_base, minimal, place};

#[test]
fn bare_modules_of_django_stand_in_the_package_and_nothing_else_does() {
    assert_eq!(place("settings.py"), "shop/settings.py");
    assert_eq!(place("views.py"), "shop/views.py");
    for elsewhere in ["manage.py", "Dockerfile", "config/settings.py", "requirements.txt"] {
        assert_eq!(place(elsewhere), elsewhere);
    }
}

#[test]
fn settings_build_on_the_base_unless_they_stand_by_themselves() {
    assert!(builds_on_base("DEBUG = True\n"));
    assert!(builds_on_base("MIDDLEWARE += ['x']\n"));
    assert!(builds_on_base("MIDDLEWARE_CLASSES = []\n"));
    assert!(builds_on_base("import os\nfrom .base_tools import f\n"));
    assert!(!builds_on_base("DEBUG = True\nMIDDLEWARE = []\n"));
    assert!(!builds_on_base("INSTALLED_APPS: list[str] = []\n"));
    assert!(!builds_on_base("\n# The base\nfrom .base import *\n"));
    assert!(!builds_on_base("from .base_settings import *\n"));
}

#[test]
fn a_package_of_settings_replaces_the_module() {
    let module = Utf8Path::new("shop/settings.py");
    assert!(minimal(&[]).exists(module));
    assert!(minimal(&["shop/settings.py".into()]).exists(module));
    assert!(!minimal(&["shop/settings/prod.py".into()]).exists(module));
}

#[test]
fn the_default_settings_are_the_base_alone() {
    let settings = FILES.iter().find(|(path, _)| *path == "shop/settings.py").unwrap().1;
    assert_eq!(settings, format!("{BASE_IMPORT}\n"));
}
