//! Modules found by name, settings that are read, and bad input.

use djsec_base::{NoticeKind, Utf8Path};

use crate::trees::{build, files, module};
use crate::{Lowering, Program};

/// `(name, near, expected path)` for lookups as configuration files mean them.
fn check_find(tree: &[(&str, &str)], expected: &[(&str, &str, Option<&str>)]) {
    let (program, _) = build(tree);
    for (name, near, path) in expected {
        let found = program.find(name, Utf8Path::new(near)).map(|id| program.path(id).as_str());
        assert_eq!(found, *path, "{name} near {near:?}");
    }
}

/// `(importing file, name, expected path)` for lookups as the interpreter makes them.
fn check_import(tree: &[(&str, &str)], expected: &[(&str, &str, Option<&str>)]) {
    let (program, files) = build(tree);
    for (from, name, path) in expected {
        let from = module(&program, &files, from);
        let found = program.imported(from, name).map(|id| program.path(id).as_str());
        assert_eq!(found, *path, "{name}");
    }
}

fn names(tree: &[(&str, &str)]) -> Vec<String> {
    build(tree).0.modules().map(|(_, module)| module.name.to_string()).collect()
}

#[test]
fn modules_are_named_from_the_innermost_source_root() {
    assert_eq!(
        names(&[
            ("backend/manage.py", ""),
            ("backend/shop/__init__.py", ""),
            ("backend/shop/settings/base.py", ""),
            ("src/lib/__init__.py", ""),
            ("tools/run.py", ""),
        ]),
        ["manage", "shop", "shop.settings.base", "lib", "tools.run"]
    );
}

#[test]
fn a_package_with_a_manage_py_in_it_keeps_its_name() {
    let tree = [
        ("wag/__init__.py", ""),
        ("wag/test/__init__.py", ""),
        ("wag/test/app/__init__.py", ""),
        ("wag/test/manage.py", ""),
    ];
    assert_eq!(names(&tree), ["wag", "wag.test", "wag.test.app", "wag.test.manage"]);
    check_find(&tree, &[("app", "wag/test", Some("wag/test/app/__init__.py"))]);
}

#[test]
fn packages_without_init_are_found() {
    check_find(
        &[("manage.py", ""), ("config/settings/production.py", "")],
        &[
            ("config.settings.production", "", Some("config/settings/production.py")),
            ("config.settings", "", None),
            ("config.settings.staging", "", None),
            ("", "", None),
            (".", "", None),
        ],
    );
}

#[test]
fn two_projects_with_a_package_of_the_same_name_stay_apart() {
    let tree = [
        ("a/manage.py", ""),
        ("a/shop/__init__.py", ""),
        ("a/shop/settings.py", ""),
        ("b/manage.py", ""),
        ("b/shop/__init__.py", ""),
        ("b/shop/settings.py", ""),
        ("b/shop/extra.py", ""),
    ];
    check_find(
        &tree,
        &[
            ("shop.settings", "a", Some("a/shop/settings.py")),
            ("shop.settings", "b", Some("b/shop/settings.py")),
            ("shop.settings", "b/shop/extra.py", Some("b/shop/settings.py")),
            ("a.shop.settings", "", Some("a/shop/settings.py")),
        ],
    );
    check_import(
        &tree,
        &[
            ("a/shop/settings.py", "shop.settings", Some("a/shop/settings.py")),
            ("b/shop/settings.py", "shop.settings", Some("b/shop/settings.py")),
            // The package `shop` of a has no such module, and hides that of b.
            ("a/shop/settings.py", "shop.extra", None),
        ],
    );
}

#[test]
fn a_folder_inside_is_no_source_root_until_an_import_says_so() {
    let tree = [
        ("manage.py", ""),
        ("integrations/stripe/__init__.py", ""),
        ("integrations/stripe/client.py", "import stripe\nfrom stripe.error import E\n"),
    ];
    check_import(
        &tree,
        &[
            ("integrations/stripe/client.py", "stripe", None),
            (
                "integrations/stripe/client.py",
                "integrations.stripe",
                Some("integrations/stripe/__init__.py"),
            ),
        ],
    );
    check_find(&tree, &[("stripe.client", "", Some("integrations/stripe/client.py"))]);
    check_import(
        &[
            ("manage.py", ""),
            ("apps/users/__init__.py", ""),
            ("apps/users/models.py", ""),
            ("apps/orders/__init__.py", ""),
            ("apps/orders/views.py", "from users.models import User\n"),
        ],
        &[
            ("manage.py", "users", Some("apps/users/__init__.py")),
            ("manage.py", "orders.views", Some("apps/orders/views.py")),
        ],
    );
}

#[test]
fn folders_added_to_sys_path_are_source_roots() {
    for edit in [
        "import sys\nsys.path.insert(0, 'apps')\n",
        "import sys\ndef main():\n    sys.path.append(os.path.join(os.path.dirname(__file__), 'apps'))\n",
        "BASE_DIR = Path(__file__).resolve().parent\nsys.path.insert(0, str(BASE_DIR / 'apps'))\n",
        "BASE = os.path.dirname(os.path.abspath(__file__))\nsys.path += [BASE, BASE + '/apps']\n",
        "sys.path.append(os.path.normpath(os.path.join(os.getcwd(), 'x/../apps')))\n",
        "sys.path = [Path(__file__).parents[0].joinpath('apps').as_posix()] + sys.path\n",
        "root = environ.Path(__file__) - 1\nsys.path.extend([root('apps')])\n",
        "import site\nsite.addsitedir(os.path.join(os.path.dirname(__file__), 'apps'))\n",
    ] {
        check_import(
            &[("web/manage.py", edit), ("web/apps/users.py", ""), ("web/site/settings.py", "")],
            &[("web/site/settings.py", "users", Some("web/apps/users.py"))],
        );
    }
    check_import(
        &[
            (
                "web/manage.py",
                "sys.path.insert(0, '/apps')\nsys.path.append(unknown)\nsys.path.append('../../apps')\n",
            ),
            ("web/apps/users.py", ""),
        ],
        &[
            ("web/manage.py", "users", None),
            ("web/manage.py", "apps.users", Some("web/apps/users.py")),
        ],
    );
}

#[test]
fn src_and_packaged_folders_are_source_roots() {
    check_import(
        &[
            ("src/shop/__init__.py", "import core"),
            ("src/core.py", ""),
            ("libs/pay/pyproject.toml", ""),
            ("libs/pay/pay/__init__.py", ""),
            ("tests/t.py", ""),
        ],
        &[
            ("tests/t.py", "shop", Some("src/shop/__init__.py")),
            ("tests/t.py", "core", Some("src/core.py")),
            ("tests/t.py", "pay", Some("libs/pay/pay/__init__.py")),
            ("tests/t.py", "src", None),
        ],
    );
}

#[test]
fn relative_imports_have_absolute_names() {
    let (program, files) = build(&[
        ("manage.py", ""),
        ("shop/__init__.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/prod.py", ""),
        ("shop/settings/base.py", ""),
    ]);
    let at = |path: &str| module(&program, &files, path);
    let prod = at("shop/settings/prod.py");
    let absolute = |level, name| program.absolute(prod, level, name);
    assert_eq!(absolute(0, Some("os")).as_deref(), Some("os"));
    assert_eq!(absolute(1, Some("base")).as_deref(), Some("shop.settings.base"));
    assert_eq!(absolute(1, Some("local")).as_deref(), Some("shop.settings.local"));
    assert_eq!(absolute(2, None).as_deref(), Some("shop"));
    assert_eq!(absolute(9, Some("x")), None);
    let package = at("shop/settings/__init__.py");
    assert_eq!(program.absolute(package, 1, Some("x")).as_deref(), Some("shop.settings.x"));
    assert_eq!(program.import_target(package, 1, Some("base")), Some(at("shop/settings/base.py")));
}

#[test]
fn reads_of_settings_are_found_through_every_name_of_settings() {
    let (program, files) = build(&[
        (
            "app/a.py",
            "from django.conf import settings\nfrom django.conf import settings as conf\n\
             import django.conf\nfrom app.conf import cfg\nfrom status import HTTP\n\
             x = settings.ONE\ny = conf.TWO\nz = django.conf.settings.THREE\nw = cfg.FOUR\n\
             v = getattr(settings, 'FIVE', None)\nu = getattr(settings, 'SIX')\n\
             t = hasattr(settings, \"SEVEN\")\ns = HTTP.NOT_A_SETTING\nr = settings.lower\n\
             q = getattr(settings, name)\np = self.settings.NOT_EITHER\nsettings.EIGHT = 1\n\
             getattr(obj, 'NOPE', 1)\n",
        ),
        (
            "app/b.py",
            "def f():\n    from django.conf import settings\n    return [settings.NINE for _ in x]\n",
        ),
        ("app/conf.py", "from django.conf import settings\ncfg = settings\n"),
        ("app/own.py", "from app import settings\nx = settings.OWN\n"),
        ("app/settings.py", "OWN = 1\n"),
    ]);
    let reads: Vec<String> = program
        .settings_reads()
        .map(|read| format!("{}{}", read.name, if read.has_default { "?" } else { "" }))
        .collect();
    assert_eq!(reads, ["ONE", "TWO", "THREE", "FOUR", "FIVE?", "SIX", "SEVEN?", "", "NINE"]);
    let writes: Vec<&str> = program.settings_writes().map(|write| write.name).collect();
    assert_eq!(writes, ["EIGHT"]);
    let first = program.settings_reads().next().map(|read| files.slice(read.span));
    assert_eq!(first, Some("settings.ONE"));
}

#[test]
fn a_name_counts_as_mentioned_wherever_it_could_be_read() {
    let (program, _) = build(&[
        ("settings.py", "ONLY_SET = 1\nBOTH = 2\nx = BOTH\nONLY_SET: int = 2\n"),
        (
            "a.py",
            "s.ATTRIBUTE\ng('TEXT')\nf(KEYWORD=1)\nfrom settings import IMPORTED\n'a TEXT_INSIDE b'\n",
        ),
    ]);
    for name in ["BOTH", "ATTRIBUTE", "TEXT", "KEYWORD", "IMPORTED"] {
        assert!(program.mentions_name(name), "{name}");
    }
    for name in ["ONLY_SET", "TEXT_INSIDE", "ABSENT"] {
        assert!(!program.mentions_name(name), "{name}");
    }
}

#[test]
fn bad_input_is_counted_and_named() {
    let deep = format!("A = 1\nx = 1{}\n", "+1".repeat(200_000));
    let (program, notices, coverage) =
        Program::build(&files(&[("a.py", "x = (\n"), ("b.py", &deep), ("c.py", "y = 1\n")]));
    assert_eq!((coverage.files, coverage.lines), (3, 4));
    assert_eq!((coverage.syntax_errors, coverage.too_deep), (1, 1));
    let ids: Vec<_> = notices.iter().map(|notice| (notice.id, notice.kind)).collect();
    assert_eq!(
        ids,
        [("syntax-error", NoticeKind::Info), ("nested-too-deep", NoticeKind::Incomplete)]
    );
    assert_eq!(program.modules().count(), 3);
}

#[test]
fn an_empty_tree_and_odd_file_names_are_fine() {
    let (program, notices, coverage) = Program::build(&files(&[]));
    assert!(notices.is_empty() && coverage.files == 0 && program.modules().next().is_none());
    check_find(
        &[("__init__.py", ""), ("a.b.py", ""), ("v1.2/shop/x.py", ""), ("v1.2/manage.py", "")],
        &[("a.b", "", None), ("shop.x", "v1.2", Some("v1.2/shop/x.py")), ("__init__", "", None)],
    );
}

#[test]
fn ten_thousand_modules_that_import_each_other_are_linked() {
    let tree: Vec<(String, String)> = (0..10_000)
        .map(|at| {
            let next = (at + 1) % 10_000;
            let text = format!("from p{}.m{next} import x{next}, y\nx{at} = x{next}\n", next % 100);
            (format!("p{}/m{at}.py", at % 100), text)
        })
        .collect();
    let tree: Vec<(&str, &str)> = tree.iter().map(|(path, text)| (&**path, &**text)).collect();
    let (program, files) = build(&tree);
    let first = module(&program, &files, "p0/m0.py");
    assert!(program.imported(first, "p99.m9999").is_some());
    assert_eq!(program.resolve(first, "y"), crate::QualifiedName::Unknown);
}

#[test]
fn code_that_is_lowered_when_asked_for_is_the_same() {
    let text = "import os\n\ndef cart(request):\n    return os.getcwd()\n";
    let files = files(&[("shop/views.py", text)]);
    let code = |lowering| {
        let (program, ..) = Program::build_with(&files, lowering);
        format!("{:?}", program.code(module(&program, &files, "shop/views.py")))
    };
    let at_once = code(Lowering::AtOnce);
    assert!(at_once.contains("getcwd"), "{at_once}");
    assert_eq!(code(Lowering::WhenAsked), at_once);
}
