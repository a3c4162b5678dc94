//! Held against what Jinja's parser said (`vectors/README.md`, `templates/jinja.jsonl`).

use std::ops::Range;

use serde_json::{Value, json};

use super::expr::{Arguments, Expr, ExprKind, Reader};
use super::lex::{self, Kind, Token, tokens};
use super::parse;

#[test]
fn every_text_statement_and_expression_is_jinjas() {
    let own = include_str!("../../../../vectors/templates/jinja.jsonl");
    // Templates of others, as the recorder prints them, to look for a difference.
    let other = std::env::var_os("DJSEC_JINJA_CASES");
    let other = other.map(|path| std::fs::read_to_string(path).expect("recorded"));
    let recorded = other.as_deref().unwrap_or(own);
    let mut wrong = Vec::new();
    for line in recorded.lines().skip(1) {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let text = case.get("text").and_then(Value::as_str).expect("a text");
        let ours = joined(parts(text));
        let theirs = case.get("parts").expect("parts");
        if ours != *theirs {
            wrong.push(format!("{text:?}\n  ours   {ours}\n  theirs {theirs}"));
        }
        parse(text, &());
    }
    assert!(own.lines().count() > 45, "the recording is all there");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn joined(parts: Vec<Value>) -> Value {
    let mut all: Vec<Value> = Vec::new();
    for part in parts {
        match (all.last_mut(), &part) {
            (Some(Value::String(text)), Value::String(more)) => text.push_str(more),
            _ => all.push(part),
        }
    }
    Value::Array(all)
}

fn parts(text: &str) -> Vec<Value> {
    lex::parts(text).iter().filter_map(|part| one(text, part)).collect()
}

fn one(text: &str, part: &lex::Part) -> Option<Value> {
    let inner = tokens(text, part.inner).unwrap_or_default();
    let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    let mut reader = Reader::new(&inner, part.inner);
    match part.kind {
        Kind::Text => Some(json!(text.get(Range::<usize>::from(part.span)))),
        Kind::Comment => None,
        Kind::Variable => {
            let first = inner.first().map_or(0, |token| token.span.start().into());
            Some(json!([line(first), "print", dump(&reader.tuple(true)?)]))
        }
        Kind::Block => statement(&mut reader, &inner, line(part.span.start().into())),
    }
}

/// Tags that end or divide others are no statements of their own.
fn statement(reader: &mut Reader<'_>, words: &[Token], line: usize) -> Option<Value> {
    let name = reader.name()?.text;
    Some(match &*name {
        "if" | "elif" => json!([line, &*name, dump(&reader.tuple(true)?)]),
        "extends" | "include" => json!([line, &*name, dump(&reader.expression(true)?)]),
        "for" => {
            while !reader.skips_word("in") {
                if reader.name().is_none() && !reader.skips(",") {
                    return None;
                }
            }
            json!([line, "for", dump(&reader.tuple(false)?)])
        }
        "set" if words.iter().any(|word| word.kind == lex::TokenKind::Sign("=")) => {
            while !reader.skips("=") {
                if reader.name().is_none() && !reader.skips(",") {
                    return None;
                }
            }
            json!([line, "set", dump(&reader.tuple(true)?)])
        }
        name if name.starts_with("end") || name == "else" => return None,
        name => json!([line, name]),
    })
}

fn given(arguments: &Arguments) -> Vec<Value> {
    let positional = arguments.positional.iter().map(dump);
    let named = arguments.keywords.iter().map(|(name, one)| json!([format!("={name}"), dump(one)]));
    let spread = arguments.spread.iter().map(|one| json!(["*", dump(one)]));
    positional.chain(named).chain(spread).collect()
}

fn dump(expr: &Expr) -> Value {
    let list =
        |first: Vec<Value>, more: Vec<Value>| Value::Array(first.into_iter().chain(more).collect());
    match &expr.kind {
        ExprKind::Name(name) => json!(name),
        ExprKind::Text(text) => json!(["text", text]),
        ExprKind::Number(_) => json!(["number"]),
        ExprKind::Constant => json!(["constant"]),
        ExprKind::Attribute(base, name) => json!([".", dump(base), name]),
        ExprKind::Item(base, key) => json!(["item", dump(base), dump(key)]),
        ExprKind::Slice(base) => json!(["slice", dump(base)]),
        ExprKind::Call(base, arguments) => list(vec![json!("call"), dump(base)], given(arguments)),
        ExprKind::Filter(base, name, arguments) => {
            let base = base.as_ref().map_or(json!([]), |base| dump(base));
            list(vec![json!("|"), base, json!(name.text)], given(arguments))
        }
        ExprKind::Test(base, name, arguments) => {
            list(vec![json!("is"), dump(base), json!(name)], given(arguments))
        }
        ExprKind::Unary(name, value) => json!([name, dump(value)]),
        ExprKind::Binary(name, sides) => list(vec![json!(name)], sides.iter().map(dump).collect()),
        ExprKind::Concat(all) => list(vec![json!("Concat")], all.iter().map(dump).collect()),
        ExprKind::Compare(first, rest) => list(
            vec![json!("Compare"), dump(first)],
            rest.iter().map(|(how, one)| json!([how, dump(one)])).collect(),
        ),
        ExprKind::Conditional(parts, other) => {
            list(vec![json!("CondExpr")], parts.iter().chain(other.as_deref()).map(dump).collect())
        }
        ExprKind::List(name, all) => list(vec![json!(name)], all.iter().map(dump).collect()),
        ExprKind::Dict(pairs) => list(
            vec![json!("Dict")],
            pairs.iter().map(|(key, value)| json!([dump(key), dump(value)])).collect(),
        ),
    }
}

/// What is hostile ends, and soon.
#[test]
fn hostile_templates_end() {
    let many = |text: &str| text.repeat(20_000);
    for text in [
        many("{{"),
        many("{%"),
        many("{# "),
        many("{% raw %}"),
        many("{% if a %}"),
        many("{% endif %}"),
        format!("{{{{ {} }}}}", many("(")),
        format!("{{{{ {} a }}}}", many("not ")),
        format!("{{{{ {} a }}}}", many("-")),
        format!("{{{{ a{} }}}}", many("|e")),
        format!("{{{{ a{} }}}}", many(".b")),
        format!("{{{{ {} }}}}", many("a if b else ")),
        format!("{{{{ {} }}}}", many("[")),
        many("{{ '"),
        many("{% set a = a ~ a %}"),
        many("{{ a }"),
    ] {
        parse(&text, &());
    }
}
