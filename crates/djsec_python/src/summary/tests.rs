//! What is kept of a module.

use crate::trees::{build, module};
use crate::{Binding, BindingKind};

fn show(binding: &Binding) -> String {
    let kind = match &binding.kind {
        BindingKind::Import(name) => format!("import {name}"),
        BindingKind::From(target, name) => {
            format!(
                "from {}{} import {name}",
                ".".repeat(target.level as usize),
                target.module.as_deref().unwrap_or("")
            )
        }
        BindingKind::Star(target) => {
            format!(
                "from {}{} import *",
                ".".repeat(target.level as usize),
                target.module.as_deref().unwrap_or("")
            )
        }
        BindingKind::Function(decorators) => format!("def @{}", decorators.join(" @")),
        BindingKind::Class(class) => format!("class({})", class.bases.join(", ")),
        BindingKind::Alias(name) => format!("= {name}"),
        BindingKind::Text(text) => format!("= {text:?}"),
        BindingKind::Call(name) => format!("= {name}()"),
        BindingKind::Other => "= …".to_owned(),
    };
    format!("{} {kind} {:?}", binding.name, binding.condition)
}

/// The bindings of a module, one a line.
fn check(text: &str, expected: &[&str]) {
    let (program, files) = build(&[("main.py", text)]);
    let summary = &program.module(module(&program, &files, "main.py")).unwrap().summary;
    let found: Vec<String> = summary.bindings.iter().map(show).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_binding_statement_is_kept() {
    check(
        "import a.b, c as d\nfrom ..e import f as g, h\nfrom . import *\n\
         @deco\n@other.deco(1)\ndef i(): pass\nclass J(K.L, M[int], n()): pass\n\
         o = p.q\nr: str = 's'\nt = u.v(1)\nw = x = [1]\ny: int\nz += 1\n",
        &[
            "a import a Always",
            "d import c Always",
            "g from ..e import f Always",
            "h from ..e import h Always",
            " from . import * Always",
            "i def @deco @other.deco Always",
            "J class(K.L, M, ) Always",
            "o = p.q Always",
            "r = \"s\" Always",
            "t = u.v() Always",
            "w = … Always",
            "x = … Always",
        ],
    );
}

#[test]
fn circumstances_are_kept() {
    check(
        "if a:\n    b = 1\nelif c:\n    d = 1\nelse:\n    e = 1\n\
         try:\n    f = 1\nexcept (KeyError, ImportError):\n    g = 1\nexcept ValueError:\n    h = 1\n\
         else:\n    i = 1\nfinally:\n    j = 1\n\
         try:\n    k = 1\nexcept KeyError:\n    l = 1\n\
         with m as n:\n    o = 1\nfor p in q:\n    r = 1\nwhile s:\n    t = 1\n\
         match u:\n    case 1:\n        v = 1\n\
         if typing.TYPE_CHECKING:\n    import w\n",
        &[
            "b = … Branch",
            "d = … Branch",
            "e = … Branch",
            "f = … TryImport",
            "g = … ImportFailed",
            "h = … Branch",
            "i = … TryImport",
            "j = … Always",
            "k = … Always",
            "l = … Branch",
            "n = … Always",
            "o = … Always",
            "p = … Branch",
            "r = … Branch",
            "t = … Branch",
            "v = … Branch",
            "w import w TypeChecking",
        ],
    );
}

#[test]
fn unreadable_parts_of_all_are_marked() {
    let exports = |text: &str| {
        let (program, files) = build(&[("main.py", text)]);
        let module = program.module(module(&program, &files, "main.py")).unwrap();
        module.summary.exports.clone()
    };
    assert_eq!(exports("a = 1\n"), None);
    let listed = exports("__all__ = sorted(['a'] + list(('b',)))\n").unwrap();
    assert_eq!((listed.names.len(), listed.partial), (2, false));
    assert!(exports("__all__ = ['a', b]\n").unwrap().partial);
    assert!(exports("__all__ = make()\n").unwrap().partial);
    assert_eq!(exports("__all__ = [*x.__all__]\n").unwrap().included, ["x".into()]);
}

#[test]
fn names_written_over_several_lines_are_whole() {
    check("a = (b\n  . c  # d\n  .e)\n", &["a = b.c.e Always"]);
}

#[test]
fn trees_just_below_the_nesting_limit_are_read_on_a_small_stack() {
    let text = format!("x = 1{}\ny = a{}\n", "+1".repeat(1_500), "().b".repeat(900));
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let parsed = djsec_syntax::python::parse(&text);
            assert!(parsed.errors.is_empty());
            crate::code::glance(&parsed.tree, &text);
            let (_, visited) = crate::code::lower(&parsed.tree, &text);
            let digest = super::digest(&parsed.tree, &text, "main.py".into(), visited);
            assert_eq!(digest.summary.bindings.len(), 2);
        })
        .unwrap()
        .join()
        .unwrap();
}
