//! What stands before untrusted data in a text that is put together: `"/orders/" + name` leads to no
//! other site, whatever the name is.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId, Operator};

use super::Run;
use super::expr::union;
use crate::args::Args;
use crate::value::{ANY, Taint, Value, What};
use crate::{Kind, Kinds};

/// What the beginning of an address decides.
const LED: Kinds = Kinds::just(Kind::Redirect).or(Kinds::just(Kind::Ssrf));
/// A sum of more parts than this is not taken apart.
const MOST_PARTS: usize = 64;

impl Run<'_, '_> {
    /// Texts and values in a row: `f"…{x}…"`.
    pub(super) fn in_a_row(&self, values: &[Value]) -> Value {
        let texts: Option<Vec<&str>> = values.iter().map(|v| v.as_text().map(|t| &**t)).collect();
        if let Some(texts) = texts.filter(|texts| !texts.is_empty()) {
            return Value::text(&texts.concat());
        }
        let mut all = Taint::default();
        for (at, value) in values.iter().enumerate() {
            let safe = values.get(..at).map_or(Kinds::NONE, led_by);
            all.merge(&value.whole().sanitized(safe));
        }
        Value::tainted(all)
    }

    /// `a + b + c`.
    pub(super) fn sum(&mut self, left: ExprId, right: ExprId) -> Value {
        let mut parts = vec![right];
        let mut at = left;
        while let Expr::Binary(before, Operator::Add, last) = self.code.expr(at)
            && parts.len() < MOST_PARTS
        {
            parts.push(last);
            at = before;
        }
        parts.push(at);
        parts.reverse();
        let values: Vec<Value> = parts.into_iter().map(|part| self.eval(part)).collect();
        let is_text = |v: &Value| v.fields.is_none() && !matches!(v.what, What::Query(_));
        if values.iter().all(is_text) {
            return self.in_a_row(&values);
        }
        let mut values = values.into_iter();
        let first = values.next().unwrap_or_default();
        values.fold(first, |sum, value| plus(sum, &value))
    }

    /// `"…%s…" % x`.
    pub(super) fn percent(&self, template: &Value, given: &Value) -> Value {
        let Some(text) = template.as_text() else {
            return Value::tainted(union(&[template.clone(), given.clone()]));
        };
        let before = text.split('%').next().unwrap_or_default();
        let safe = match given.known_field("[0]") {
            Some(first) if before.is_empty() => self.first_of(text, first, "%s"),
            _ => leading(before),
        };
        Value::tainted(given.whole().sanitized(safe))
    }

    /// `"…{}…".format(x)`.
    pub(super) fn formatted(&self, template: &Arc<str>, args: &Args) -> Taint {
        let before = template.split('{').next().unwrap_or_default();
        let safe = match args.positional.first() {
            Some(first) if before.is_empty() => self.first_of(template, &first.value, "{}"),
            _ => leading(before),
        };
        args.whole().sanitized(safe)
    }

    /// What a template leaves that begins with a value.
    fn first_of(&self, template: &str, first: &Value, mark: &str) -> Kinds {
        let Some(rest) = template.strip_prefix(mark) else { return Kinds::NONE };
        let opens = rest.starts_with("://") && !rest.get(3..).is_some_and(|r| r.contains('/'));
        if opens || !first.whole().is_empty() { Kinds::NONE } else { LED }
    }
}

/// As what data can do no harm after these texts and values.
fn led_by(before: &[Value]) -> Kinds {
    let mut text = String::new();
    for value in before {
        match value.as_text() {
            Some(part) => text.push_str(part),
            None => {
                let whole = value.whole();
                let harmless = |kind: Kind| whole.labels().iter().all(|label| !label.may(kind));
                if !text.is_empty() {
                    continue;
                }
                let last = before.last().and_then(|last| last.as_text());
                let opens = last.is_some_and(|last| last.ends_with("//"));
                let kinds = [Kind::Redirect, Kind::Ssrf].into_iter().filter(|kind| harmless(*kind));
                return if opens { Kinds::NONE } else { Kinds::of(kinds) };
            }
        }
    }
    leading(&text)
}

/// As what data can do no harm after this text.
pub(super) fn leading(text: &str) -> Kinds {
    let ends_host = |rest: &str| rest.find(['/', '?', '#']).is_some_and(|at| at > 0);
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n'];
    let cell = match text.chars().next() {
        Some(first) if !formula.contains(&first) => Kinds::just(Kind::Spreadsheet),
        _ => Kinds::NONE,
    };
    let text = text.trim_start();
    let safe = match text.split_once("//") {
        Some((_, rest)) if text.starts_with("//") || text.contains("://") => ends_host(rest),
        _ => {
            let open = ["", "/", "\\", "http", "https", "http:", "https:", "http:/", "https:/"];
            !open.contains(&text)
        }
    };
    if safe { cell.or(LED) } else { cell }
}

/// One list after another, one text after another, or rows of both queries.
pub(super) fn plus(mut left: Value, right: &Value) -> Value {
    let holds = left.fields.is_some() || right.fields.is_some();
    if !holds || matches!(left.what, What::Query(_)) {
        left.join(right);
        return left;
    }
    let mut any = left.known_field(ANY).cloned().unwrap_or_default();
    any.join(&Value::tainted(right.whole()));
    if left.fields.is_none() && right.fields.is_some() && left.taint.is_empty() {
        // The first list is empty, or not known.
        left.join(right);
        return left;
    }
    if any.is_plain() { left } else { left.with_field(ANY, any) }
}
