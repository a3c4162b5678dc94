//! Which names may lead to a package.

use crate::Program;
use crate::trees::build;

/// Which of `names` may lead to the package `drf`.
fn kin<'a>(tree: &[(&str, &str)], names: &[&'a str]) -> Vec<&'a str> {
    let (program, _files): (Program, _) = build(tree);
    let kin = program.kin("drf");
    names.iter().copied().filter(|name| kin.may_be(name)).collect()
}

#[test]
fn what_is_derived_from_the_package_is_found_through_files_and_other_names() {
    let tree = [
        ("base.py", "from drf.views import APIView as V\nclass Base(V): pass\nclass Plain: pass\n"),
        ("views.py", "import base\nRenamed = base.Base\nclass View(Renamed): pass\n"),
        ("more.py", "from views import View as W\nclass Last(Mixin, W): pass\n"),
        ("nested.py", "import drf\nclass Outer:\n  class Inner(drf.views.A): pass\n"),
        ("user.py", "from nested import Outer\nclass Deep(Outer.Inner): pass\n"),
    ];
    assert_eq!(
        kin(&tree, &["Base", "views.View", "Last", "Deep", "Outer.Inner"]),
        ["Base", "views.View", "Last", "Deep", "Outer.Inner"],
    );
    assert_eq!(kin(&tree, &["Plain", "Mixin", "Outer", "base.Plain", ""]), [""; 0]);
}

#[test]
fn names_imported_inside_functions_count() {
    let tree = [("a.py", "def f():\n  from drf.decorators import api_view as api\n")];
    assert_eq!(kin(&tree, &["api", "api_view"]), ["api"]);
}

#[test]
fn a_package_whose_name_only_begins_alike_is_another() {
    let tree = [("a.py", "from drf_extra import A\nimport drf_extra.b\nclass C(A): pass\n")];
    assert_eq!(kin(&tree, &["A", "C", "drf_extra.b"]), [""; 0]);
}

#[test]
fn a_star_import_from_the_package_may_bring_any_name() {
    assert_eq!(kin(&[("a.py", "from drf.views import *\n")], &["Anything"]), ["Anything"]);
    assert_eq!(kin(&[("a.py", "from other import *\n")], &["Anything"]), [""; 0]);
}

#[test]
fn a_chain_without_end_gives_up_on_the_safe_side() {
    let classes = (0..200).rev().map(|n| format!("class C{}(C{n}): pass\n", n + 1));
    let text: String = classes.chain(["from drf import C0\n".to_owned()]).collect();
    assert_eq!(kin(&[("a.py", &text)], &["C200", "Other"]), ["C200", "Other"]);
}
