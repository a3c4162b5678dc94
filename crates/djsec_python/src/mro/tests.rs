//! Orders that Python itself gives.

use crate::trees::{build, module, show};

fn check(tree: &[(&str, &str)], class: &str, expected: &[&str]) {
    let (program, files) = build(tree);
    let class = program.resolve(module(&program, &files, "main.py"), class);
    let order: Vec<String> = program.mro(&class).iter().map(|name| show(&program, name)).collect();
    assert_eq!(order, expected);
}

#[test]
fn a_diamond_is_searched_sideways_before_upwards() {
    check(
        &[(
            "main.py",
            "class A(object): pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass\n",
        )],
        "D",
        &["main.py:D", "main.py:B", "main.py:C", "main.py:A"],
    );
}

#[test]
fn bases_in_other_files_and_outside_are_in_their_places() {
    check(
        &[
            (
                "main.py",
                "from django.views import View\nfrom mixins import Tenant\nimport six\n\
                 class Page(Tenant, View): pass\n\
                 class Meta(six.with_metaclass(M, Page)): pass\n\
                 class Typed(Page[int], make()): pass\n",
            ),
            ("mixins.py", "from auth import LoginRequired as L\nclass Tenant(L): pass\n"),
        ],
        "Typed",
        &[
            "main.py:Typed",
            "main.py:Page",
            "mixins.py:Tenant",
            "auth.LoginRequired",
            "django.views.View",
            "?",
        ],
    );
    check(
        &[(
            "main.py",
            "class M(type): pass\nclass P: pass\nclass X(six.with_metaclass(M, P)): pass\n",
        )],
        "X",
        &["main.py:X", "main.py:P"],
    );
}

#[test]
fn circular_and_contradictory_hierarchies_give_every_class_once() {
    check(
        &[
            ("main.py", "from other import B\nclass A(B): pass\n"),
            ("other.py", "from main import A\nclass B(A): pass\n"),
        ],
        "A",
        &["main.py:A", "other.py:B"],
    );
    check(
        &[(
            "main.py",
            "class A: pass\nclass B: pass\nclass X(A, B): pass\nclass Y(B, A): pass\nclass Z(X, Y): pass\n",
        )],
        "Z",
        &["main.py:Z", "main.py:X", "main.py:Y", "main.py:A", "main.py:B"],
    );
}

#[test]
fn a_class_inside_another_sees_what_stands_before_it_there() {
    check(
        &[(
            "main.py",
            "from base import Base\nclass Outer(Base):\n    class First: pass\n    class Meta(First, Base.Meta): pass\n",
        )],
        "Outer.Meta",
        &["main.py:Outer.Meta", "main.py:Outer.First", "base.Base.Meta"],
    );
}

#[test]
fn a_ladder_of_a_thousand_classes_ends() {
    let lines: Vec<String> =
        (0..1_000).map(|at| format!("class C{}(C{at}): pass\n", at + 1)).collect();
    let text = lines.concat();
    let (program, files) = build(&[("main.py", &format!("class C0: pass\n{text}"))]);
    let class = program.resolve(module(&program, &files, "main.py"), "C1000");
    assert!(program.mro(&class).len() >= 50);
}

#[test]
fn classes_ordered_together_are_ordered_as_each_alone() {
    let text = "from lib import X\nclass A(X): pass\nclass B(A): pass\nclass C(A): pass\n\
                class D(B, C): pass\nclass P(Q): pass\nclass Q(P, A): pass\nclass P(Q): pass\n\
                class R(P, B): pass\n";
    let (program, files) = build(&[("main.py", text)]);
    let main = module(&program, &files, "main.py");
    let mut together = crate::Linearizer::new(&program);
    for name in ["D", "P", "Q", "R", "B", "C", "Q", "A", "D", "Missing"] {
        let class = program.resolve(main, name);
        assert_eq!(together.order(&class), program.mro(&class), "{name}");
    }
}
