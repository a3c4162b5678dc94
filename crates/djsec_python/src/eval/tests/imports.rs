//! Imports: star imports, packages, files that may be missing, files executed in place.

use super::{check, check_files, evaluate};

#[test]
fn star_imports_share_objects_and_leave_out_private_names() {
    let base = ("base.py", "APPS = ['a']\n_private = 1\n");
    check_files(
        &[
            base,
            ("settings.py", "from base import *\nAPPS.append('b')\nimport base\nX = base.APPS\n"),
        ],
        "X",
        "[\"a\", \"b\"]",
    );
    check_files(
        &[base, ("settings.py", "from base import *\nX = '_private' in globals()\n")],
        "X",
        "False",
    );
}

#[test]
fn dunder_all_decides_what_a_star_brings() {
    let base = ("base.py", "__all__ = ['_a']\n_a = 1\nB = 2\n");
    let outcome = evaluate(&[base, ("settings.py", "from base import *\n")]);
    assert_eq!(outcome.of("_a"), "1");
    assert_eq!(outcome.of("B"), "<not bound>");
}

#[test]
fn relative_imports_climb_packages() {
    let files = [
        ("conf/__init__.py", "from .live import *\n"),
        ("conf/base.py", "X = 1\nY = 1\n"),
        ("conf/live.py", "from .base import *\nfrom ..conf.base import X as Z\nY = 2\n"),
        ("settings.py", "from conf import *\n"),
    ];
    check_files(&files, "Y", "2");
    check_files(&files, "Z", "1");
}

#[test]
fn a_folder_that_is_no_package_holds_modules() {
    let with = |settings: &'static str| {
        evaluate(&[
            ("conf/__init__.py", ""),
            ("conf/parts/mail.py", "X = 1\n"),
            ("conf/parts/cache.py", "X = 2\n"),
            ("settings.py", settings),
        ])
    };
    let both = "from conf.parts import mail, cache as kept\nX = mail.X + kept.X\n";
    assert_eq!(with(both).of("X"), "3");
    let tried = "try:\n    from conf.parts import mail, absent\nexcept ImportError:\n    X = 4\n";
    assert_eq!(with(tried).of("X"), "4");
}

#[test]
fn a_local_file_that_is_not_in_the_tree_changes_nothing_but_is_noted() {
    let files = [
        ("conf/__init__.py", ""),
        ("conf/live.py", "X = 1\ntry:\n    from .local import *\nexcept ImportError:\n    pass\n"),
        ("settings.py", "from conf.live import *\n"),
    ];
    let outcome = evaluate(&files);
    assert_eq!(outcome.of("X"), "1");
    assert!(outcome.failures.is_empty());
    assert!(outcome.facts.iter().any(|fact| matches!(fact,
        super::Fact::LocalOverride { name, present: false, .. } if name == "conf.local")));
}

#[test]
fn a_module_is_only_optional_for_who_tries_to_import_it() {
    let files = [
        ("conf/__init__.py", ""),
        ("conf/base.py", "import shlex, asyncio\nX = shlex.quote('a')\n"),
        ("conf/local.py", "from .base import *\n"),
        ("settings.py", "try:\n    from conf.local import *\nexcept ImportError:\n    pass\n"),
    ];
    let facts = evaluate(&files).facts;
    let optional = facts.iter().filter_map(|fact| match fact {
        super::Fact::LocalOverride { name, .. } => Some(name.as_str()),
        _ => None,
    });
    assert_eq!(optional.collect::<Vec<_>>(), ["conf.local"]);
    let nested = [
        ("base.py", "import shlex\n"),
        (
            "settings.py",
            "X = 1\ntry:\n    import shlex\n    X = 2\nexcept ImportError:\n    pass\n",
        ),
    ];
    check_files(&nested, "X", "2");
}

#[test]
fn a_file_that_the_code_looks_for_first_can_be_imported() {
    let files = [
        ("conf/__init__.py", ""),
        (
            "conf/live.py",
            "from pathlib import Path\nX = 1\nif (Path(__file__).parent / 'local.py').exists():\n    from .local import *\n",
        ),
        ("settings.py", "from conf.live import *\n"),
    ];
    assert_eq!(evaluate(&files).failures, Vec::<String>::new());
    check_files(&files, "X", "1");
}

#[test]
fn files_are_executed_in_place() {
    let files = [
        ("extra.py", "A.append(2)\n"),
        (
            "settings.py",
            "import os\nA = [1]\nHERE = os.path.dirname(os.path.abspath(__file__))\nexec(open(os.path.join(HERE, 'extra.py')).read())\n",
        ),
    ];
    check_files(&files, "A", "[1, 2]");
}

#[test]
fn namespaces_are_dicts() {
    check("globals()['X'] = 1\n", "X", "1");
    check("vars().update({'X': 1}, Y=2)\n", "Y", "2");
    check("X = 1\nY = globals().get('X', 0)\n", "Y", "1");
    check("X = 1\nY = 'X' in globals(), 'Z' in vars()\n", "Y", "(True, False)");
    check("import sys\nsetattr(sys.modules[__name__], 'X', 3)\n", "X", "3");
    check("for n in ('A', 'B'):\n    globals()[n + '_X'] = n\n", "B_X", "\"B\"");
}

#[test]
fn a_syntax_error_fails_the_import() {
    let outcome = evaluate(&[("settings.py", "X = 1\nprint 'old'\n")]);
    assert_eq!(outcome.failures, ["SyntaxError when always"]);
}

#[test]
fn a_module_named_by_a_variable_is_the_operators() {
    let source = "import importlib\nimport os\nc = importlib.import_module(os.environ.get('SHOP_CONFIGURATION', 'shop.configuration'))\nX = getattr(c, 'DEBUG', False)\n";
    check_files(
        &[("shop/__init__.py", ""), ("settings.py", source)],
        "X",
        "<configuration.DEBUG> if `configuration.DEBUG` is set | False if `configuration.DEBUG` is not set",
    );
}
