//! Classes of packages, found along the ways in which packages offer them.

use crate::trees::{build, module, show};
use crate::{Installed, Program};

/// A program with these modules of packages; a name that ends in `/` is a package.
fn program(installed: &[(&str, &str)]) -> Program {
    let (mut program, _) = build(&[("main.py", "")]);
    program.close_packages(["django"].into_iter());
    for (name, text) in installed {
        let plain = name.trim_end_matches('/');
        program.add_installed(plain, plain != *name, Some(text));
    }
    program
}

/// The class's own name, `>` and another name, `?` and the module to be read, or nothing.
fn found(program: &Program, name: &str) -> String {
    match program.installed(name) {
        Installed::Class(_, _, name) => name.to_string(),
        Installed::Elsewhere(name) => format!(">{name}"),
        Installed::Unread(module) => format!("?{module}"),
        Installed::Nowhere => String::new(),
    }
}

#[test]
fn a_class_is_found_through_whatever_offers_it() {
    let mut program = program(&[
        (
            "company/",
            "from .views import Base, Inner as Renamed\nfrom . import views as v\n\
             from django.views import View\nimport company.views\nAlias = Base\n\
             from .more import *\nhelper = make()\nLoop = Loop2\nLoop2 = Loop\n",
        ),
        ("company.views", "class Base:\n    class Meta: pass\nclass Inner(Base): pass\n"),
        ("company.more", "class Hidden: pass\n"),
    ]);
    program.add_installed("company.v", false, None);
    for (name, expected) in [
        ("company.views.Base", "company.views.Base"),
        ("company.views.Base.Meta", "company.views.Base.Meta"),
        ("company.Base", "company.views.Base"),
        ("company.Renamed", "company.views.Inner"),
        ("company.v.Base", "company.views.Base"),
        ("company.Alias", "company.views.Base"),
        ("company.Hidden", "company.more.Hidden"),
        ("company.View", ">django.views.View"),
        ("company.other.Base", "?company.other"),
        ("company.helper", ""),
        ("company.Loop", ""),
        ("company", ""),
        ("stranger.Base", "?stranger"),
        ("", ""),
    ] {
        assert_eq!(found(&program, name), expected, "{name}");
    }
    program.add_installed("company.other", false, None);
    program.add_installed("stranger", false, None);
    assert_eq!(found(&program, "company.other.Base"), "");
    assert_eq!(found(&program, "stranger.Base"), "");
}

#[test]
fn star_imports_that_multiply_end() {
    let names: Vec<String> = (0..40).map(|i| format!("m{i}")).collect();
    let lines: Vec<String> = names.iter().map(|name| format!("from {name} import *\n")).collect();
    let all = lines.concat();
    let modules: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), all.as_str())).collect();
    let program = program(&modules);
    assert_eq!(found(&program, "m0.Nobody"), "");
}

#[test]
fn names_in_a_package_are_external() {
    let program = program(&[
        ("company/", ""),
        (
            "company.views",
            "import os.path\nfrom .base import Base\nfrom ..above import Wrong\n\
             from django.views import View\nclass Own(Base): pass\n",
        ),
        ("company.stars", "from .a import *\nfrom .b import *\n"),
        ("company.a", "class A: pass\n"),
        ("company.b", "class B: pass\n"),
    ]);
    let in_module = |name: &str, dotted: &str| {
        let Installed::Class(module, ..) = program.installed(name) else { panic!("{name}") };
        show(&program, &program.resolve(module, dotted))
    };
    for (dotted, expected) in [
        ("Base", "company.base.Base"),
        ("View.as_view", "django.views.View.as_view"),
        ("Own.Meta", "company.views.Own.Meta"),
        ("os.path.join", "os.path.join"),
        ("print", "builtins.print"),
        ("nobody", "?"),
    ] {
        assert_eq!(in_module("company.views.Own", dotted), expected, "{dotted}");
    }
}

#[test]
fn the_project_sees_names_of_packages_as_before() {
    let tree = &[("main.py", "from company.views import Base\nfrom company import tool\n")];
    let (mut program, files) = build(tree);
    program.add_installed("company", true, Some("def tool(): pass\n"));
    program.add_installed("company.views", false, Some("class Base: pass\n"));
    let main = module(&program, &files, "main.py");
    assert_eq!(show(&program, &program.resolve(main, "Base")), "company.views.Base");
    assert_eq!(show(&program, &program.resolve(main, "tool")), "company.tool");
    assert_eq!(program.modules().count(), 1);
    let (home, ..) = program.class_home(&program.resolve(main, "Base")).unwrap();
    assert!(program.is_installed(home) && !program.is_installed(main));
}
