//! Constructs of Python, one by one: what the evaluator makes of them.

mod classes;
mod containers;
mod environment;
mod flow;
mod hostile;
mod imports;
mod texts;

use std::sync::Arc;
use std::time::{Duration, Instant};

use djsec_base::{File, FileKind, Files, Role, Span, TextRange};

use super::{Args, At, Budget, Environment, Fact, Interp, Library, ObjId, Val};
use crate::Program;
use crate::value::{Data, Seq, Value};
use crate::worlds::{Guard, Worlds};

/// A library that knows no package.
struct Nothing;

impl Library for Nothing {
    fn value(&self, _: &mut Interp<'_>, _: &str, _: At) -> Option<Val> {
        None
    }
    fn call(&self, _: &mut Interp<'_>, _: &str, _: &Args, _: At) -> Option<Val> {
        None
    }
    fn method(
        &self,
        _: &mut Interp<'_>,
        _: ObjId,
        _: &str,
        _: &str,
        _: &Args,
        _: At,
    ) -> Option<Val> {
        None
    }
    fn attribute(&self, _: &mut Interp<'_>, _: ObjId, _: &str, _: &str, _: At) -> Option<Val> {
        None
    }
    fn instantiate(&self, _: &mut Interp<'_>, _: ObjId, _: &str, _: &Args, _: At) -> Option<Val> {
        None
    }
    fn installed(&self, _: &str) -> Option<bool> {
        None
    }
}

/// What an evaluation left.
struct Outcome {
    names: Vec<(Arc<str>, String)>,
    failures: Vec<String>,
    facts: Vec<Fact>,
    took: Duration,
}

impl Outcome {
    fn of(&self, name: &str) -> &str {
        let found = self.names.iter().find(|(known, _)| &**known == name);
        found.map_or("<not bound>", |(_, text)| text)
    }

    fn ran_out(&self) -> bool {
        self.facts.iter().any(|fact| matches!(fact, Fact::Budget { .. }))
    }
}

/// Evaluates `settings.py` among these files.
fn evaluate(files: &[(&str, &str)]) -> Outcome {
    evaluate_within(files, Budget::default())
}

fn evaluate_within(files: &[(&str, &str)], budget: Budget) -> Outcome {
    let owned: Vec<(String, String)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    // Deep nesting needs room, as in the engine.
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || run(owned, budget))
        .unwrap()
        .join()
        .unwrap()
}

fn run(files: Vec<(String, String)>, budget: Budget) -> Outcome {
    let files = files.into_iter().map(|(path, text)| {
        let kind = if path.ends_with("py") { FileKind::Python } else { FileKind::Json };
        File::new(path.into(), kind, Role::Application, Some(Arc::from(text)))
    });
    let files = Files::new(files.collect());
    let (program, ..) = Program::build(&files);
    let started = Instant::now();
    let mut it = Interp::new(&files, &program, &Nothing, "".into(), Environment::default(), budget);
    let file = files.find("settings.py".into()).unwrap();
    let at = At { pc: Guard::ALWAYS, span: Span::new(file, TextRange::default()) };
    let ns = it.load_module("settings", at).unwrap();
    let failures: Vec<_> = it.uncaught().iter().map(|r| (Arc::clone(&r.kind), r.guard)).collect();
    let exported = it.export(ns, Guard::ALWAYS);
    let worlds = &mut it.worlds;
    let names = exported.iter().map(|e| (Arc::clone(&e.name), show(worlds, &e.value))).collect();
    let failures = failures
        .into_iter()
        .map(|(kind, guard)| format!("{kind} when {}", worlds.describe_end(guard, Guard::ALWAYS)))
        .collect();
    Outcome { names, failures, facts: it.facts, took: started.elapsed() }
}

/// Evaluates one module and compares one of its names, written as Python would, each alternative
/// with its condition.
#[track_caller]
fn check(source: &str, name: &str, expected: &str) {
    check_files(&[("settings.py", source)], name, expected);
}

#[track_caller]
fn check_files(files: &[(&str, &str)], name: &str, expected: &str) {
    let outcome = evaluate(files);
    assert_eq!(outcome.of(name), expected, "{name} of {files:?}");
}

/// The exceptions that leave the module.
#[track_caller]
fn check_failures(source: &str, expected: &[&str]) {
    let outcome = evaluate(&[("settings.py", source)]);
    assert_eq!(outcome.failures, expected, "failures of {source}");
}

fn show(worlds: &mut Worlds, value: &Value) -> String {
    if let Some(alt) = value.single()
        && alt.guard.is_always()
    {
        return show_data(worlds, &alt.data);
    }
    let mut parts: Vec<String> = Vec::new();
    for alt in &value.alts {
        let data = show_data(worlds, &alt.data);
        parts.push(format!("{data} if {}", worlds.describe(alt.guard, Guard::ALWAYS)));
    }
    parts.join(" | ")
}

fn show_data(worlds: &mut Worlds, data: &Data) -> String {
    match data {
        Data::Absent => "<absent>".to_owned(),
        Data::None => "None".to_owned(),
        Data::Bool(b) => if *b { "True" } else { "False" }.to_owned(),
        Data::Int(i) => i.to_string(),
        Data::Float(f) => format!("{f:?}"),
        Data::Str(s) => format!("{s:?}"),
        Data::Bytes(b) => format!("b{:?}", String::from_utf8_lossy(b)),
        Data::Path(p) => format!("Path({p:?})"),
        Data::Delta(us) => format!("timedelta({us})"),
        Data::List(seq) => format!("[{}]", show_seq(worlds, seq)),
        Data::Tuple(seq) => format!("({})", show_seq(worlds, seq)),
        Data::Set(seq) => format!("{{{}}}", show_seq(worlds, seq)),
        Data::Dict(map) => {
            let mut parts = Vec::new();
            for (key, value) in &map.entries {
                let key = show_data(worlds, key);
                parts.push(format!("{key}: {}", show(worlds, value)));
            }
            if map.open {
                parts.push("…".to_owned());
            }
            format!("{{{}}}", parts.join(", "))
        }
        Data::Sym(sym) => format!("<{}>", sym.describe()),
        Data::Object(object) => format!("<{:?} {}>", object.kind, object.name),
    }
}

fn show_seq(worlds: &mut Worlds, seq: &Seq) -> String {
    let mut parts = Vec::new();
    for item in &seq.items {
        let value = show(worlds, &item.value);
        parts.push(if item.guard.is_always() {
            value
        } else {
            format!("{value} if {}", worlds.describe(item.guard, Guard::ALWAYS))
        });
    }
    if seq.open {
        parts.push("…".to_owned());
    }
    parts.join(", ")
}
