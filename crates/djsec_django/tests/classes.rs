//! Holds the hierarchy against what Python itself said: the order of every class of
//! `vectors/classes`, and the class from which chosen attributes come.
#![expect(clippy::unwrap_used, reason = "a test harness fails loudly and prints its table")]

use std::collections::BTreeMap;
use std::path::Path;

use djsec_base::{File, FileKind, Files, Role};
use djsec_django::hierarchy::{AttributeValue, Hierarchy};
use djsec_python::{Program, QualifiedName};
use serde_json::Value as Json;

const FILES: [&str; 5] = ["api.py", "pages.py", "parts.py", "plain.py", "shared/bases.py"];

/// What is known to differ, and why.
const ACCEPTED: [(&str, &str); 3] = [
    ("parts.Query", "graphene's metaclass slips a class of its own in between"),
    ("plain.Chosen", "of two definitions in branches the last one counts"),
    ("plain.Fallback", "a package that a `try` imports is taken to be installed in production"),
];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/classes")
}

fn program() -> Program {
    let read = |path: &str| std::fs::read_to_string(folder().join(path)).unwrap();
    let files = FILES.iter().chain(&["shared/__init__.py"]).map(|path| {
        File::new((*path).into(), FileKind::Python, Role::Application, Some(read(path).into()))
    });
    Program::build(&Files::new(files.collect())).0
}

fn recorded() -> BTreeMap<String, Json> {
    serde_json::from_str(&std::fs::read_to_string(folder().join("expected.json")).unwrap()).unwrap()
}

fn class(program: &Program, dotted: &str) -> QualifiedName {
    let module = FILES.iter().find_map(|path| {
        let module = path.trim_end_matches(".py").replace('/', ".");
        let name = dotted.strip_prefix(&format!("{module}."))?;
        Some((program.find(&module, "".into())?, name))
    });
    let (module, name) = module.unwrap();
    program.resolve(module, name)
}

#[test]
fn every_class_has_the_order_and_the_attributes_that_python_gives_it() {
    let program = program();
    let hierarchy = Hierarchy::new(&program);
    let show = |name: &QualifiedName| program.dotted(name).unwrap_or_else(|| "?".to_owned());
    let mut problems = Vec::new();
    let (mut classes, mut attributes) = (0, 0);
    for (name, expected) in recorded() {
        let class = class(&program, &name);
        classes += 1;
        let order: Vec<String> = hierarchy.order(&class).iter().map(show).collect();
        let real: Vec<&str> =
            expected["order"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        let accepted = ACCEPTED.iter().any(|(accepted, _)| *accepted == name);
        if accepted && order == real {
            problems.push(format!("accepted, but not needed: {name}"));
        }
        if accepted {
            continue;
        }
        if order != real {
            problems.push(format!("{name}\n    is  {real:?}\n    got {order:?}"));
            continue;
        }
        if !hierarchy.is_complete(&class) {
            problems.push(format!("{name} is incomplete"));
        }
        for (attribute, owner) in expected["owners"].as_object().unwrap() {
            attributes += 1;
            let found = hierarchy.attribute(&class, attribute);
            let got = found.map(|found| show(&found.owner));
            if got.as_deref() != owner.as_str() {
                problems.push(format!("{name}.{attribute}: is of {owner}, got {got:?}"));
            }
        }
        for attribute in ["permission_classes", "http_method_names", "lookup_field", "login_url"] {
            let is_there = expected["owners"].get(attribute).is_some();
            if !is_there && let Some(found) = hierarchy.attribute(&class, attribute) {
                problems.push(format!("{name}.{attribute} is invented: {found:?}"));
            }
        }
    }
    println!("{classes} classes, {attributes} attributes");
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(classes > 130, "{classes}");
}

#[test]
fn the_recorded_order_is_not_matched_by_accident() {
    let program = program();
    let hierarchy = Hierarchy::new(&program);
    let value = |class_name: &str, attribute: &str| {
        let found = hierarchy.attribute(&class(&program, class_name), attribute).unwrap();
        match found.value {
            AttributeValue::Assigned(_, code, value) => code.string(value).map(str::to_owned),
            other => Some(format!("{other:?}")),
        }
    };
    assert_eq!(value("plain.D", "login_url").as_deref(), Some("c"));
    assert_eq!(value("plain.FromOuter", "login_url").as_deref(), Some("inner"));
    assert_eq!(
        value("api.Everything", "permission_classes").as_deref(),
        Some("Known(Setting(\"REST_FRAMEWORK.DEFAULT_PERMISSION_CLASSES\"))")
    );
}
