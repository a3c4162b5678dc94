use djsec_base::Notice;
use globset::{Glob, GlobSetBuilder};

use super::{installed, series};
use crate::testing::Tree;
use crate::{Config, Depth, discover};
use djsec_python::{Installed, Program};

const VIEWS: &str = "from company.views import Secured\nclass Page(Secured): pass\n";
const CFG: &str = "home = /usr/bin\nversion_info = 3.12.1.final.0\n";

/// A config that leaves out of the walk what a real walk leaves out.
fn config() -> Config {
    let mut exclude = GlobSetBuilder::new();
    for pattern in ["venv/**", "/opt/**"] {
        exclude.add(Glob::new(pattern).unwrap());
    }
    Config { exclude: exclude.build().unwrap(), ..Config::default() }
}

/// The program of a tree with its environment, and what is said of it.
fn read(tree: &Tree, config: &Config) -> (Program, Option<Notice>) {
    let (files, _) = discover(tree, config, Depth::Structure);
    let (mut program, ..) = Program::build(&files);
    let notice = installed(tree, config, &files, &mut program);
    (program, notice)
}

fn is_there(program: &Program, name: &str) -> bool {
    matches!(program.installed(name), Installed::Class(..))
}

#[test]
fn only_what_a_class_leads_to_is_read() {
    let mut tree = Tree::of(&[("views.py", VIEWS), ("manage.py", "")]);
    let site = "venv/lib/python3.12/site-packages";
    for (path, text) in [
        ("venv/pyvenv.cfg", CFG),
        (&format!("{site}/company/__init__.py"), ""),
        (
            &format!("{site}/company/views.py"),
            "from django.views import View\nfrom .base import Base\n\
             class Secured(Base, View): pass\n",
        ),
        (&format!("{site}/company/base.py"), "class Base: pass\n"),
        (&format!("{site}/company/other.py"), "class Other: pass\n"),
        (&format!("{site}/django/views.py"), "class View: pass\n"),
    ] {
        tree = tree.bytes(path, text.as_bytes());
    }
    let (program, notice) = read(&tree, &config());
    assert!(is_there(&program, "company.views.Secured") && is_there(&program, "company.base.Base"));
    assert_eq!(program.installed("company.other.Other"), Installed::Unread("company.other".into()));
    assert!(!is_there(&program, "django.views.View"));
    let message = notice.map(|notice| notice.message);
    assert_eq!(message.as_deref(), Some("2 classes of packages were read from venv"));
}

#[test]
fn an_environment_elsewhere_is_read_when_it_is_named() {
    let tree = Tree::of(&[
        ("views.py", VIEWS),
        ("/opt/site-packages/company/views.py", "class Secured: pass\n"),
        ("/opt/site-packages/company/__init__.py", ""),
    ]);
    let (program, _) = read(&tree, &config());
    assert!(!is_there(&program, "company.views.Secured"));
    let named = Config { python_env: Some("/opt/site-packages".into()), ..config() };
    let (program, notice) = read(&tree, &named);
    assert!(is_there(&program, "company.views.Secured"));
    assert!(notice.is_some());
}

#[test]
fn the_series_of_python_is_read_from_what_tools_write() {
    for (text, expected) in [
        ("home = /usr\nversion = 3.11.4\n", Some("3.11")),
        (CFG, Some("3.12")),
        ("version_info = 3.13\n", Some("3.13")),
        ("version = ../../etc\n", None),
        ("home = /usr\n", None),
        ("", None),
    ] {
        assert_eq!(series(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn packages_that_never_end_are_cut_off() {
    use std::fmt::Write as _;
    let site = "venv/lib/python3.12/site-packages/big";
    let mut bases = String::new();
    let mut tree = Tree::of(&[("venv/pyvenv.cfg", CFG), ("manage.py", "")]);
    tree = tree.bytes(&format!("{site}/__init__.py"), b"");
    for i in 0..600 {
        let text = format!("from .m{} import C{}\nclass C{i}(C{}): pass\n", i + 1, i + 1, i + 1);
        tree = tree.bytes(&format!("{site}/m{i}.py"), text.as_bytes());
        let _ = writeln!(bases, "import big.m{i}");
    }
    let views = "from big.m0 import C0\nclass Page(C0): pass\n";
    let (program, notice) = read(&tree.bytes("views.py", views.as_bytes()), &config());
    assert!(is_there(&program, "big.m400.C400") && !is_there(&program, "big.m550.C550"));
    assert!(notice.is_some_and(|notice| notice.message.contains("more of them is not read")));
}
