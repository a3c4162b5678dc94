//! What the tags of Jinja say.

use std::collections::BTreeSet;

use super::expr::{Expr, ExprKind, Reader};
use super::lower::{Lowering, nothing};
use crate::filter::FilterExpression;
use crate::python::range;
use crate::tags::{Assignment, BlockTranslate, Condition, Form, Import};
use crate::tree::Word;

/// What a tag is.
pub(super) enum Read {
    /// It writes nothing and sets nothing.
    Nothing,
    /// These, one after the other.
    Simple(Vec<Form>),
    /// What follows is in it, up to the tag of that name.
    Block(Box<Opened>),
    /// Nobody knows.
    Unknown,
}

/// A block that begins.
pub(super) struct Opened {
    pub(super) form: Form,
    /// When its first branch is taken.
    pub(super) condition: Option<Condition>,
    /// The tag that ends it.
    pub(super) end: Box<str>,
}

impl Read {
    fn block(form: Form, end: &str) -> Self {
        Self::Block(Box::new(Opened { form, condition: None, end: end.into() }))
    }
}

/// Reads the words behind the name of a tag.
pub(super) fn read(lowering: &Lowering<'_>, name: &str, words: &mut Reader<'_>) -> Read {
    let malformed = || Read::Simple(vec![Form::Malformed]);
    match name {
        "if" => Read::Block(Box::new(Opened {
            form: Form::Plain,
            condition: condition(lowering, words),
            end: "endif".into(),
        })),
        "for" => Read::block(for_loop(lowering, words), "endfor"),
        "block" => match words.name() {
            Some(name) => Read::block(Form::Block { name }, "endblock"),
            None => Read::block(Form::Plain, "endblock"),
        },
        "extends" => match words.expression(true) {
            Some(parent) => Read::block(Form::Extends { parent: template(lowering, &parent) }, ""),
            None => malformed(),
        },
        "include" => {
            include(lowering, words).map_or_else(malformed, |form| Read::Simple(vec![form]))
        }
        "import" | "from" => match import(lowering, words, name) {
            Some(import) => Read::Simple(vec![Form::Import(Box::new(import))]),
            None => malformed(),
        },
        "do" | "break" | "continue" | "debug" => Read::Nothing,
        "set" => set(lowering, words).unwrap_or_else(malformed),
        "with" => Read::block(Form::With { assignments: assignments(lowering, words) }, "endwith"),
        "macro" => match words.name() {
            Some(name) => {
                let parameters = parameters(lowering, words);
                Read::block(Form::Macro { name, parameters }, "endmacro")
            }
            None => Read::block(Form::Plain, "endmacro"),
        },
        "call" => {
            let parameters = parameters(lowering, words);
            let call = words.expression(true);
            let call = call.map_or_else(|| nothing(words.rest()), |call| lowering.value(&call));
            Read::block(Form::MacroBlock { call, parameters }, "endcall")
        }
        "filter" => match words.filter_chain() {
            Some(chain) => {
                Read::block(Form::Filter { filters: lowering.chain(&chain) }, "endfilter")
            }
            None => Read::block(Form::Plain, "endfilter"),
        },
        "autoescape" => {
            let on = !(words.is_word("false") || words.is_word("False"));
            Read::block(Form::Switch { on }, "endautoescape")
        }
        "trans" => {
            let with = assignments(lowering, words);
            Read::block(
                Form::BlockTranslate(Box::new(BlockTranslate { with, ..Default::default() })),
                "endtrans",
            )
        }
        "csrf_token" => Read::Simple(vec![Form::Plain]),
        _ => Read::Unknown,
    }
}

/// When a branch is taken, as far as it is about values alone.
pub(super) fn condition(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Option<Condition> {
    as_condition(lowering, &words.tuple(true)?)
}

fn as_condition(lowering: &Lowering<'_>, expr: &Expr) -> Option<Condition> {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Item(..) => {
            Some(Condition::Value(lowering.value(expr)))
        }
        ExprKind::Binary("And", sides) => {
            let parts = sides.iter().filter_map(|side| as_condition(lowering, side));
            Some(Condition::And(parts.collect()))
        }
        _ => None,
    }
}

/// `{% for a, (b, c) in values if test recursive %}`
fn for_loop(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Form {
    let targets = targets(words);
    let start = words.start();
    let sequence = if words.skips_word("in") { words.tuple(false) } else { None };
    let sequence = match sequence {
        Some(sequence) => lowering.value(&sequence),
        None => nothing(range(start, start)),
    };
    Form::For { targets, sequence, reversed: false }
}

/// The names up to `in` or `=`, whatever stands between them.
fn targets(words: &mut Reader<'_>) -> Vec<Word> {
    let mut all = Vec::new();
    while !words.is_word("in") {
        match words.name() {
            Some(name) => all.push(name),
            None if words.skips(",") || words.skips("(") || words.skips(")") => {}
            None => break,
        }
    }
    all
}

/// `{% include "a.html" ignore missing without context %}`
fn include(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Option<Form> {
    let name = words.expression(true)?;
    if words.skips_word("ignore") {
        words.skips_word("missing");
    }
    let only = words.skips_word("without");
    Some(Form::Include { template: template(lowering, &name), with: Vec::new(), only })
}

/// A template: of several the first, which is there or not.
fn template(lowering: &Lowering<'_>, name: &Expr) -> FilterExpression {
    match &name.kind {
        ExprKind::List(_, all) => match all.first() {
            Some(first) => lowering.value(first),
            None => nothing(name.span),
        },
        _ => lowering.value(name),
    }
}

/// `{% set a, b = value %}`, and `{% set a %}…{% endset %}`.
fn set(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Option<Read> {
    let targets = targets(words);
    if words.skips(".") {
        // An attribute of a namespace: which one it is, nobody follows.
        return Some(Read::Nothing);
    }
    if words.skips("=") {
        let value = words.tuple(true)?;
        let several = match &value.kind {
            ExprKind::List(_, all) if targets.len() == all.len() && targets.len() > 1 => {
                all.iter().map(|one| lowering.value(one)).collect()
            }
            _ => vec![lowering.value(&value); targets.len().min(16)],
        };
        let forms = targets
            .into_iter()
            .zip(several)
            .map(|(target, value)| Form::FirstOf { values: vec![value], target: Some(target) });
        return Some(Read::Simple(forms.collect()));
    }
    let target = Some(targets.into_iter().next()?);
    let form = Form::BlockTranslate(Box::new(BlockTranslate { target, ..Default::default() }));
    Some(Read::block(form, "endset"))
}

/// `a=value, b=value`; names alone are what they are.
fn assignments(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Vec<Assignment> {
    let mut all = Vec::new();
    while let Some(name) = words.name() {
        if words.skips("=") {
            let Some(value) = words.expression(true) else { break };
            all.push(Assignment { name, value: lowering.value(&value) });
        }
        words.skips(",");
    }
    all
}

/// The names that a macro gets from who calls it, with what they are where it gets nothing.
fn parameters(lowering: &Lowering<'_>, words: &mut Reader<'_>) -> Vec<Assignment> {
    let mut all = Vec::new();
    if !words.skips("(") {
        return all;
    }
    while let Some(name) = words.name() {
        let value = match words.skips("=").then(|| words.expression(true)) {
            Some(Some(value)) => lowering.value(&value),
            Some(None) => break,
            None => nothing(name.span),
        };
        all.push(Assignment { name, value });
        words.skips(",");
    }
    words.skips(")");
    all
}

/// `{% import "x" as a %}` and `{% from "x" import a as b, c with context %}`.
fn import(lowering: &Lowering<'_>, words: &mut Reader<'_>, tag: &str) -> Option<Import> {
    let template = template(lowering, &words.expression(true)?);
    let (module, names) = imports(words, tag);
    let with_context = words.skips_word("with") && words.skips_word("context");
    Some(Import { template, module, names, with_context })
}

/// What stands behind the template: a name for all of it, or those that are taken, with the names they have here.
fn imports(words: &mut Reader<'_>, tag: &str) -> (Option<Word>, Vec<(Word, Word)>) {
    if tag == "import" {
        let module = if words.skips_word("as") { words.name() } else { None };
        return (module, Vec::new());
    }
    words.skips_word("import");
    let mut names = Vec::new();
    while !words.is_word("with") && !words.is_word("without") {
        let Some(name) = words.name() else { break };
        let other = if words.skips_word("as") { words.name() } else { None };
        names.push((name.clone(), other.unwrap_or(name)));
        if !words.skips(",") {
            break;
        }
    }
    (None, names)
}

/// The names that a template gets by an import.
pub(super) fn imported(words: &mut Reader<'_>, tag: &str) -> BTreeSet<Box<str>> {
    if words.expression(true).is_none() {
        return BTreeSet::new();
    }
    let (module, names) = imports(words, tag);
    names.into_iter().map(|(_, name)| name).chain(module).map(|name| name.text).collect()
}

/// `{{ url("name") }}` and `{{ static("path") }}`, which projects give their templates after Jinja's pages of
/// Django's documentation.
pub(super) fn address(lowering: &Lowering<'_>, value: &Expr) -> Option<(Word, Form)> {
    let ExprKind::Call(callee, arguments) = &value.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    let first = lowering.value(arguments.positional.first()?);
    let form = match &**name {
        "url" | "url_for" => {
            Form::Url { name: first, args: Vec::new(), kwargs: Vec::new(), target: None }
        }
        "static" => Form::Static { path: first, target: None },
        _ => return None,
    };
    Some((Word { text: name.clone(), span: callee.span }, form))
}
