//! Holds the method resolution order of every view class against Python's.

use djsec_django::hierarchy::Hierarchy;
use djsec_python::{Program, QualifiedName};

use crate::recorded;

#[test]
fn view_classes_have_the_resolution_order_that_python_gives_them() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for recording in recorded::all() {
        let (program, ..) = Program::build(&recording.files);
        let hierarchy = Hierarchy::new(&program);
        for (name, expected) in &recording.classes {
            compared += 1;
            let order: Vec<String> = find(&program, name)
                .map(|class| hierarchy.order(&class).iter().map(|n| dotted(&program, n)).collect())
                .unwrap_or_default();
            let got = order.get(1..).unwrap_or_default();
            if got != expected {
                let project = &recording.name;
                differences.push(format!("{project}: {name} has {got:?}, not {expected:?}"));
            }
        }
    }
    assert!(compared > 30, "only {compared} classes");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A class by its dotted name.
fn find(program: &Program, name: &str) -> Option<QualifiedName> {
    let (module, class) = name.rsplit_once('.')?;
    Some(program.resolve(program.find(module, "".into())?, class))
}

fn dotted(program: &Program, name: &QualifiedName) -> String {
    match name {
        QualifiedName::External(name) => name.to_string(),
        _ => program.dotted(name).unwrap_or_else(|| format!("{name:?}")),
    }
}
